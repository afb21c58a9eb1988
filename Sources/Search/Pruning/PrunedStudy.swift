/// A study whose trials run rung by rung, so that a pruner can end them early.
///
/// The caller starts the runs that `next` names and reports what each came to. Which runs there are, and which trials end early,
/// is a function of the seed and the results, whatever the order they are reported in.
package struct PrunedStudy: Sendable {
    package private(set) var study: Study
    /// After how many steps each rung is reached; the last is all of them.
    package let rungs: [Int]

    /// One of the two at most.
    private var pruner: (any Pruner)?
    private var clock: RungClock?
    private var trials: [Int: OpenTrial] = [:]
    /// Trials that are over but that the pruner does not know yet.
    private var closing: [Int: Closing] = [:]
    private var closed = 0
    /// The best completed trial that the pruner knows.
    private var best: (loss: Double, curve: TrialCurve)?
    private var due: [RungRun] = []
    /// How trials have ended whose last run does not count yet.
    private var outcomes: [Int: TrialOutcome] = [:]

    private struct Closing: Sendable {
        var curve: TrialCurve?
        var loss: Double?
    }

    private struct OpenTrial: Sendable {
        var yardstick: (any Yardstick)?
        /// The best trial when it opened.
        var best: (loss: Double, curve: TrialCurve)?
        /// The rung that it runs to, or waits at.
        var rung: Int
        var curve = TrialCurve(values: [])

        /// What its loss is thought to be: as much off that of the best as it was at the same rung.
        var expectedLoss: Double {
            guard let value = curve.values.last else { return .infinity }
            guard let best, best.curve.values.indices.contains(curve.values.count - 1) else { return value }
            return best.loss + value - best.curve.values[curve.values.count - 1]
        }
    }

    /// What a report means for a trial.
    package enum Verdict: Sendable, Hashable {
        /// It goes on to the next rung, which `next` will name.
        case goesOn
        /// It waits at its rung; the study's end, at the latest, decides.
        case waits
        /// It is over.
        case stops(reason: String)
        /// It has done all its steps: `finish` says what its objective is.
        case isDone
    }

    /// Every trial runs to its end.
    package init(_ study: Study, steps: Int) { (self.study, rungs) = (study, [steps]) }

    /// `rungs` rise and are not empty.
    package init(_ study: Study, rungs: [Int], pruner: any Pruner) {
        (self.study, self.rungs, self.pruner) = (study, rungs, pruner)
    }

    package init(_ study: Study, rungs: [Int], ladder: any Ladder) {
        (self.study, self.rungs) = (study, rungs)
        clock = RungClock(ladder, rungs: rungs.count, trials: study.trialCount, parallel: study.parallelTrials)
    }

    /// Whether no trial runs and none will. Those that wait at a rung then have been pruned.
    package var isFinished: Bool { clock?.isFinished ?? study.isFinished }

    /// The run that may start now, with its trial if that is new; nil when none may. `open` takes up the study's next trial, nil
    /// when results are missing that it depends on.
    package mutating func next(opening open: (inout Study) -> Trial? = { $0.next() }) -> (run: RungRun, opened: Trial?)? {
        guard let (run, known) = clock?.next() else {
            if !due.isEmpty { return (due.removeFirst(), nil) }
            return openTrial(open).map { (RungRun(trial: $0.number, rung: 0), $0) }
        }
        for run in known { learn(run) }
        guard let run else { return nil }
        guard trials[run.trial] == nil else {
            trials[run.trial]?.rung = run.rung
            return (run, nil)
        }
        guard let trial = open(&study) else { return nil }
        trials[run.trial] = OpenTrial(rung: run.rung)
        return (run, trial)
    }

    /// Takes what a trial came to on its way to the rung it was running to: the objective of each step since the rung before, or
    /// that of the whole as it stands at the rung.
    package mutating func report(_ number: Int, _ objective: RungObjective) -> Verdict {
        guard var trial = trials[number] else { return .waits }
        let sign = study.direction == .minimize ? 1.0 : -1.0
        switch objective {
        case .steps(let values): trial.curve = TrialCurve(steps: trial.curve.steps + values.map { sign * $0 }, rungs: rungs)
        case .whole(let value): trial.curve.values.append(sign * value)
        }
        trials[number] = trial
        guard trial.rung + 1 < rungs.count else { return .isDone }
        guard clock == nil else {
            clock?.tell(RungRun(trial: number, rung: trial.rung), loss: trial.curve.values.last)
            return .waits
        }
        guard let reason = trial.yardstick?.reasonToStop(trial.curve) else {
            trials[number]?.rung += 1
            due.append(RungRun(trial: number, rung: trial.rung + 1))
            return .goesOn
        }
        study.tell(number, .pruned(sign * trial.expectedLoss))
        close(number, Closing(curve: trial.curve))
        return .stops(reason: reason)
    }

    /// Takes the objective of a trial that has done all its steps, or that it has failed.
    package mutating func finish(_ number: Int, _ outcome: TrialOutcome) {
        guard let trial = trials[number] else { return }
        let loss = outcome.objective.map { study.direction == .minimize ? $0 : -$0 }
        guard clock == nil else {
            outcomes[number] = outcome
            clock?.tell(RungRun(trial: number, rung: trial.rung), loss: loss)
            return
        }
        study.tell(number, outcome)
        close(number, Closing(curve: loss == nil ? nil : trial.curve, loss: loss))
    }

    private mutating func close(_ number: Int, _ closing: Closing) {
        trials[number] = nil
        if pruner != nil { self.closing[number] = closing }
    }

    /// Opens the next trial when all it must know is known, and fixes what it is held against.
    private mutating func openTrial(_ open: (inout Study) -> Trial?) -> Trial? {
        guard let trial = open(&study) else { return nil }
        while closed < trial.number - study.parallelTrials + 1, let next = closing.removeValue(forKey: closed) {
            pruner?.close(next.curve, loss: next.loss)
            if let curve = next.curve, let loss = next.loss, loss < best?.loss ?? .infinity { best = (loss, curve) }
            closed += 1
        }
        trials[trial.number] = OpenTrial(yardstick: pruner?.yardstick(), best: best, rung: 0)
        return trial
    }

    /// The result of a run comes to count: samplers learn from it.
    private mutating func learn(_ run: RungRun) {
        if let outcome = outcomes.removeValue(forKey: run.trial) {
            study.tell(run.trial, outcome)
            trials[run.trial] = nil
        } else if let loss = trials[run.trial]?.curve.values.last {
            study.tell(run.trial, .pruned(study.direction == .minimize ? loss : -loss))
        }
    }
}

/// What a trial came to on its way to a rung, in the objective's own sign.
package enum RungObjective: Sendable, Hashable {
    /// Of each step since the rung before.
    case steps([Double])
    /// Of all its steps together.
    case whole(Double)
}
