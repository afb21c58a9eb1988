import Diagnostics
package import MarketData

extension JobSpec {
    /// The walk-forward plan of the job; nil when it has none.
    package var walkForward: WalkForward? {
        switch body {
        case .study(let study): study.walkForward
        case .backtest(let backtest): backtest.walkForward
        case .stress(let stress): stress.backtest.walkForward
        case .certify(let certify): certify.backtest.walkForward
        case .nested(let nested): nested.study.walkForward
        case .retrain, .drill, .command, .commandStudy, .sweep, .crossValidate: nil
        }
    }

    /// Checks that the walk-forward plan fits into a dataset of `bars` bars. One in periods of the calendar is checked by
    /// `windows(bars:times:)`.
    ///
    /// Throws `E_WINDOW_LENGTH` or `E_WINDOW_COUNT`.
    package func checkWindows(bars: Int) throws(SpecErrors) {
        if case .retrain(let retrain) = body {
            guard retrain.rule.holdout < bars else {
                throw SpecErrors(
                    SpecError(
                        "E_WINDOW_LENGTH",
                        "the holdout of \(retrain.rule.holdout) bars leaves nothing of the \(bars) bars to fit on",
                        pointer: "/holdout", hint: "shorten the holdout, or use a longer series"))
            }
        }
        guard let plan = walkForward, plan.unit == .bars else { return }
        try Self.placed { () throws(MarketDataError) in _ = try plan.windowCount(bars: bars) }
    }

    /// The windows of the job's walk-forward plan over a dataset of `bars` bars; one window that tests all of them when there is
    /// no plan. `times` reads the bars' times, for a plan that needs them.
    ///
    /// Throws the errors of `WalkForward.windows` at the plan's key, and what `times` throws.
    package func windows(bars: Int, times: () throws -> [Int64]) throws -> [Window] {
        guard let plan = walkForward else { return [Window(testing: bars)] }
        let known = plan.unit == .bars ? nil : try times()
        return try Self.placed { () throws(MarketDataError) in
            guard let known else { return try plan.windows(bars: bars) }
            return try plan.windows(times: known)
        }
    }

    private static func placed<Value>(_ body: () throws(MarketDataError) -> Value) throws(SpecErrors) -> Value {
        do throws(MarketDataError) {
            return try body()
        } catch {
            var pointer = "/walkForward"
            if case .key(let key) = error.place { pointer = key }
            throw SpecErrors(SpecError(error.code, error.message, pointer: pointer, hint: error.hint))
        }
    }
}
