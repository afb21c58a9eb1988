import MarketData
import Scheduling
import Search
import SwiftProtobuf
import Wire

extension StudyPlan {
    /// Starts every run that may start now, and concludes when there is none and will be none.
    mutating func goOn() -> PlanStep {
        var step = PlanStep()
        while let (run, opened) = recorded.next(of: &search) {
            if let (trial, parameters) = opened {
                let known = reuse?.results(trial.parameters, windows) ?? [:]
                knownTasks.formUnion(known.keys.map { Int32(run.trial * stride + $0) })
                openTrials[run.trial] = OpenTrial(
                    parameters: parameters, windows: Array(repeating: .open, count: windows.count), known: known)
                if !recorded.holds(run.trial) {
                    step.trials.append(
                        TrialRecord(job: job, number: Int32(run.trial), state: "running", parameters: parameters))
                }
            }
            guard let asked = openTrials[run.trial]?.asked else { continue }
            let until = search.rungs[run.rung]
            openTrials[run.trial]?.asked = until
            openTrials[run.trial]?.isWaiting = false
            pruning?.stepsRun += until - asked
            ask(for: asked..<until, of: run.trial, &step)
            // Its results may be there already: after a restart, or from an earlier job.
            settle(run.trial, &step)
        }
        concludeTrials(&step)
        return step
    }

    /// Adds the tasks of a trial's windows in `range` without those whose results are known, and after the last window the stitch.
    private mutating func ask(for range: Range<Int>, of number: Int, _ step: inout PlanStep) {
        let first = Int32(number * stride)
        let known = openTrials[number]?.known ?? [:]
        if known.isEmpty {
            step.tasks.append(.range(first + Int32(range.lowerBound)..<first + Int32(range.upperBound)))
        } else {
            for part in range {
                let index = first + Int32(part)
                if let result = known[part] {
                    reusedTasks += 1
                    step.known.append((index, .with { $0.window = result }))
                    take(result, error: nil, part: part, of: number)
                } else {
                    step.tasks.append(.range(index..<index + 1))
                }
            }
        }
        guard range.upperBound == windows.count else { return }
        let stitch = first + Int32(windows.count)
        step.tasks.append(
            known.count == windows.count ? .range(stitch..<stitch + 1) : .dependent(stitch, on: first..<stitch))
    }

    /// Takes what a window came to.
    mutating func take(_ result: ProtoWindowResult?, error: ErrorView?, part: Int, of number: Int) {
        if let result, result.isSound(for: windows[part]) {
            openTrials[number]?.windows[part] = .succeeded(result)
        } else {
            let unsound = ErrorView(code: "E_METRIC_VALUE", message: "a window's result is not finite")
            openTrials[number]?.windows[part] = .failed(error ?? unsound)
        }
        while let trial = openTrials[number], trial.ended < windows.count, !trial.windows[trial.ended].isOpen {
            openTrials[number]?.ended += 1
        }
    }

    /// Does what follows for a trial of which all that was asked for has ended, and says whether it has.
    @discardableResult
    mutating func settle(_ number: Int, _ step: inout PlanStep) -> Bool {
        guard let trial = openTrials[number], !trial.isWaiting else { return false }
        if trial.asked == windows.count {
            guard let stitch = trial.stitch else { return false }
            if trial.error == nil { report(trial, number) }
            end(number, trial, stitch, &step)
            return true
        }
        guard trial.ended >= trial.asked else { return false }
        guard trial.error == nil else {
            end(number, trial, nil, &step)
            return true
        }
        switch report(trial, number) {
        case .goesOn, .isDone: break
        case .waits:
            openTrials[number]?.isWaiting = true
            if !recorded.holdsEnd(of: number) {
                step.trials.append(record(of: number, trial, state: "paused", reason: nil))
            }
        case .stops(let reason):
            prune(number, trial, reason: reason, &step)
        }
        return true
    }

    /// Ends the trials that wait at a rung when nothing more is to come.
    mutating func pruneWaiting(_ step: inout PlanStep) {
        for (number, trial) in openTrials.sorted(by: { $0.key < $1.key }) {
            prune(number, trial, reason: "not among the best of its rung", &step)
        }
    }

    private mutating func prune(_ number: Int, _ trial: OpenTrial, reason: String, _ step: inout PlanStep) {
        openTrials[number] = nil
        let sharpes = trial.windows.prefix(trial.asked).compactMap(\.result?.sharpe).filter(\.isFinite)
        prunedTrials[number] = PrunedTrial(
            windows: trial.asked, sharpe: sharpes.isEmpty ? 0 : sharpes.reduce(0, +) / Double(sharpes.count))
        pruning?.trials += 1
        tasksDropped += stride - trial.asked
        if !recorded.holdsEnd(of: number) {
            step.trials.append(record(of: number, trial, state: "pruned", reason: reason))
        }
    }

    /// Tells the search what the windows since the rung before came to.
    @discardableResult
    private mutating func report(_ trial: OpenTrial, _ number: Int) -> PrunedStudy.Verdict {
        let news = trial.windows[trial.told..<trial.asked].map { $0.result?.objective ?? 0 }
        openTrials[number]?.told = trial.asked
        return search.report(number, .steps(news))
    }

    private func record(of number: Int, _ trial: OpenTrial, state: String, reason: String?) -> TrialRecord {
        var record = TrialRecord(job: job, number: Int32(number), state: state, parameters: trial.parameters)
        record.steps = Int32(trial.asked)
        record.reason = reason
        return record
    }
}

extension StudyPlan.OpenTrial {
    /// The first error of those windows that were asked for and have ended.
    var error: ErrorView? {
        for window in windows.prefix(asked) {
            if case .failed(let error) = window { return error }
        }
        return nil
    }
}

extension StudyPlan.WindowEnd {
    var isOpen: Bool {
        if case .open = self { true } else { false }
    }

    var result: ProtoWindowResult? {
        if case .succeeded(let result) = self { result } else { nil }
    }
}
