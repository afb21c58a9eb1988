package import Backtest
import Diagnostics
package import MarketData
import Search

/// One run of a strategy with fixed numbers over a dataset.
package struct BacktestSpec: Sendable, Hashable {
    package var dataset: DatasetReference
    package var strategy: ResolvedStrategy
    /// Windows to fit and judge in; a strategy with a model has them, one with a rule may.
    package var walkForward: WalkForward?
    package var costs: Costs
    package var limits: Limits
    /// How positions share one cash pool.
    package var sizing: Sizing
    /// The steps in which series are traded.
    package var instruments: Instruments

    static let keys = ["dataset", "strategy", "walkForward", "costs", "limits", "sizing", "instruments"]

    /// `hasFolds` is for a job that fits and judges in folds instead of windows.
    static func decode(_ map: MapCursor, hasFolds: Bool = false) -> BacktestSpec? {
        let dataset = map.required("dataset").flatMap(DatasetReference.decode)
        let strategyCursor = map.required("strategy")
        let strategy = strategyCursor.flatMap(StrategySpec.decode)
        let resolved = strategy.flatMap { strategy in strategyCursor.flatMap { resolve(strategy, $0) } }
        let costs = decodeCosts(map["costs"])
        let limits = decodeLimits(map["limits"])
        let sizing = Sizing.decode(map["sizing"])
        let instruments = Instruments.decode(map["instruments"])
        var isWhole = true
        var walkForward: WalkForward?
        if let cursor = map["walkForward"] {
            walkForward = decodeWalkForward(cursor, horizon: strategy?.largestHorizon ?? 0)
            isWhole = walkForward != nil
        } else if case .model = strategy, !hasFolds {
            _ = map.required("walkForward", hint: "a model is fitted and judged in windows, for example {train: 756, test: 63}")
            isWhole = false
        }
        guard let dataset, let resolved, let costs, let limits, let sizing, let instruments, isWhole else { return nil }
        return BacktestSpec(
            dataset: dataset, strategy: resolved, walkForward: walkForward, costs: costs, limits: limits, sizing: sizing,
            instruments: instruments)
    }

    private static func resolve(_ strategy: StrategySpec, _ cursor: Cursor) -> ResolvedStrategy? {
        let searched = strategy.searched
        for parameter in searched {
            cursor.report(
                SpecError(
                    "E_SPACE_UNEXPECTED", "\(parameter.name) is a range, but a backtest takes one number",
                    place: .key(StrategySpec.pointer(parameter.name)), hint: "give one number, or use job: study"))
        }
        guard searched.isEmpty else { return nil }
        do throws(SpecErrors) {
            return try strategy.resolved([:])
        } catch {
            for error in error.errors {
                cursor.report(SpecError(error.code, error.message, place: .key(error.pointer), hint: error.hint))
            }
            return nil
        }
    }

    func json(_ hash: String?) -> [String: JSONValue] {
        let members: [String: JSONValue?] = [
            "dataset": dataset.json(hash), "strategy": strategy.json, "walkForward": walkForward?.json, "costs": costs.json,
            "limits": limits.json, "sizing": sizing.json, "instruments": instruments.json,
        ]
        return members.compactMapValues { $0 }
    }
}
