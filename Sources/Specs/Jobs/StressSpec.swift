package import Backtest

/// A backtest run again under shocks to its market.
package struct StressSpec: Sendable, Hashable {
    package var backtest: BacktestSpec
    package let shocks: [Shock]
    /// How often a shock is drawn that falls at random.
    package let draws: Int
    package let seed: UInt64
    /// The drawdown that scores nothing, as a share of the highest equity.
    package let drawdownLimit: Double

    /// A shock and which of its draws this is, from 0.
    package struct Scenario: Sendable, Hashable {
        package let shock: Shock
        package let draw: Int
    }

    /// Every run under a shock, in order.
    package var scenarios: [Scenario] {
        shocks.flatMap { shock in (0..<(shock.isDrawn ? draws : 1)).map { Scenario(shock: shock, draw: $0) } }
    }

    package static let shockLimit = 100
    package static let drawLimit = 10_000
}

extension StressSpec {
    static let keys = BacktestSpec.keys + ["shocks", "draws", "seed", "drawdownLimit"]

    static func decode(_ map: MapCursor) -> StressSpec? {
        let backtest = BacktestSpec.decode(map)
        let shocks = map["shocks"].map(decodeShocks) ?? Shock.suite
        let draws = map["draws"].map { $0.int(1...drawLimit, unit: "draws") } ?? 1
        let seed = map["seed"].map { $0.int(0...Int.max) } ?? 1
        let limit = map["drawdownLimit"].map { $0.double(0.01...1) } ?? 0.5
        guard let backtest, let shocks, let draws, let seed, let limit else { return nil }
        return StressSpec(backtest: backtest, shocks: shocks, draws: draws, seed: UInt64(seed), drawdownLimit: limit)
    }

    private static func decodeShocks(_ cursor: Cursor) -> [Shock]? {
        guard let items = cursor.list(of: "shocks") else { return nil }
        guard (1...shockLimit).contains(items.count) else {
            cursor.report("E_SPEC_RANGE", "a suite has 1 to \(shockLimit) shocks", hint: "leave shocks out for the usual suite")
            return nil
        }
        let shocks = items.map(Shock.decode)
        return shocks.contains(nil) ? nil : shocks.compactMap { $0 }
    }

    func json(_ hash: String?) -> [String: JSONValue] {
        backtest.json(hash).merging([
            "shocks": .list(shocks.map(\.json)), "draws": .int(draws), "seed": .int(Int(clamping: seed)),
            "drawdownLimit": .double(drawdownLimit),
        ]) { first, _ in first }
    }
}
