import Diagnostics
import MarketData
package import Scheduling

extension JobSpec {
    /// Checks that a task of the job fits into the largest worker there is, called `worker`.
    ///
    /// Throws `E_UNSATISFIABLE` with what is asked for and what there is.
    package func checkCapacity(largest: Resources, worker: String) throws(SpecErrors) {
        guard !resources.fits(in: largest) else { return }
        let asked = "\(Self.cores(resources.milliCPU)) and \(Quantity.bytes(resources.memory))"
        let offered = "\(Self.cores(largest.milliCPU)) and \(Quantity.bytes(largest.memory))"
        throw SpecErrors(
            SpecError(
                "E_UNSATISFIABLE", "each task asks for \(asked), but the best candidate, worker \(worker), has \(offered)",
                pointer: "/resources",
                hint: "ask for less, or start a larger worker", category: .refused))
    }

    /// Checks that the walk-forward plan fits into a dataset of `bars` bars.
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
        do throws(MarketDataError) {
            _ = try plan.windowCount(bars: bars)
        } catch {
            var pointer = "/walkForward"
            if case .key(let key) = error.place { pointer = key }
            throw SpecErrors(SpecError(error.code, error.message, pointer: pointer, hint: error.hint))
        }
    }

    private static func cores(_ milli: Int64) -> String {
        let text = milli % 1_000 == 0 ? "\(milli / 1_000)" : "\(Double(milli) / 1_000)"
        return text + (milli == 1_000 ? " core" : " cores")
    }
}
