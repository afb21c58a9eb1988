import Diagnostics
import MarketData

extension JobSpec {
    /// Checks that the walk-forward plan fits into a dataset of `bars` bars, and the pruner to its windows.
    ///
    /// Throws `E_WINDOW_LENGTH` or `E_WINDOW_COUNT`.
    package func checkWindows(bars: Int) throws(SpecErrors) {
        let plan: WalkForward?
        switch body {
        case .study(let study): plan = study.walkForward
        case .backtest(let backtest): plan = backtest.walkForward
        case .retrain(let retrain):
            guard retrain.rule.holdout < bars else {
                throw SpecErrors(
                    SpecError(
                        "E_WINDOW_LENGTH",
                        "the holdout of \(retrain.rule.holdout) bars leaves nothing of the \(bars) bars to fit on",
                        pointer: "/holdout", hint: "shorten the holdout, or use a longer series"))
            }
            return
        case .drill, .command, .commandStudy: return
        }
        guard let plan else { return }
        let windows: Int
        do throws(MarketDataError) {
            windows = try plan.windowCount(bars: bars)
        } catch {
            var pointer = "/walkForward"
            if case .key(let key) = error.place { pointer = key }
            throw SpecErrors(SpecError(error.code, error.message, pointer: pointer, hint: error.hint))
        }
        if case .study(let study) = body, let pruner = study.search.pruner, pruner.rungs(of: windows).count < 2 {
            throw SpecErrors(
                SpecError(
                    "E_WINDOW_COUNT", "the pruner has no look before the last of the \(windows) windows",
                    pointer: "/search/pruner", hint: "set first lower, make the tests shorter, or leave the pruner out"))
        }
    }
}
