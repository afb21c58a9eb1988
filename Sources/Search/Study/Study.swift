import Statistics

/// A search in progress: which trials there are, what came out, and which one is next.
///
/// Trial k is suggested from the results of trials 0...k - `parallelTrials` and from the points of those in between, never
/// from what happened to finish in time. So the sequence of trials depends on the seed and the results only: the same on
/// one worker or many, in whatever order results arrive, with or without a restart in between.
package struct Study: Sendable {
    package let space: SearchSpace
    package let direction: Direction
    package let seed: UInt64
    /// How many trials the study has in all.
    package let trialCount: Int
    /// How many trials may be open at once.
    package let parallelTrials: Int

    /// Points that the first trials take instead of what the sampler would propose; what one leaves open is drawn at random.
    private let enqueued: [[String: ParameterValue]]
    private var sampler: any Sampler
    private var points: [[ParameterValue]] = []
    private var outcomes: [TrialOutcome?] = []
    private var history: TrialHistory
    /// Trials whose outcome the history already has: 0..<absorbed.
    private var absorbed = 0
    /// Trials that have an outcome.
    package private(set) var finishedCount = 0
    private var bestNumber: Int?

    /// `trials` and `parallelTrials` are at least 1 (smaller numbers count as 1). `enqueued` has passed `SearchSpace.check`.
    package init(
        space: SearchSpace, sampler: any Sampler, trials: Int, seed: UInt64, parallelTrials: Int = 8, direction: Direction,
        enqueued: [[String: ParameterValue]] = []
    ) {
        self.space = space
        self.enqueued = enqueued
        self.sampler = sampler
        self.seed = seed
        self.direction = direction
        trialCount = max(1, trials)
        self.parallelTrials = max(1, parallelTrials)
        history = TrialHistory(space: space)
    }

    /// How many trials have been suggested.
    package var startedCount: Int { points.count }
    package var isFinished: Bool { finishedCount == trialCount }

    /// The next trial, or nil when all have been suggested or when one that it must learn from has no outcome yet.
    package mutating func next() -> Trial? {
        guard let number = advance() else { return nil }
        let values = enqueuedPoint(number) ?? sampler.suggest(trial: number, history: history, seed: seed)
        return open(number, values)
    }

    /// Takes up trial `startedCount` with the parameters it was given before a restart, without asking the sampler again.
    ///
    /// Like `next`, returns nil when outcomes that it depends on are missing: tell them first. Throws `E_SPACE_BOUNDS`
    /// when the parameters are not a point of the space.
    package mutating func resume(parameters: [String: ParameterValue]) throws(SearchError) -> Trial? {
        let values = try space.ordered(parameters)
        return advance().map { open($0, values) }
    }

    /// Records the outcome of a trial and says whether that was news: the first outcome of a suggested trial counts, and the
    /// first after it was pruned; all others are ignored.
    @discardableResult
    package mutating func tell(_ number: Int, _ outcome: TrialOutcome) -> Bool {
        guard outcomes.indices.contains(number) else { return false }
        switch outcomes[number] {
        case nil: finishedCount += 1
        case .pruned: break
        case .value, .failed: return false
        }
        outcomes[number] = outcome.isFinite ? outcome : .failed
        if let loss = loss(of: number), isBetter(loss, number) { bestNumber = number }
        return true
    }

    /// The trial numbered `number`, if it has been suggested.
    package func trial(_ number: Int) -> Trial? {
        guard points.indices.contains(number) else { return nil }
        var trial = Trial(number: number, parameters: space.named(points[number]))
        switch outcomes[number] {
        case nil: trial.state = .running
        case .failed: trial.state = .failed
        case .pruned: trial.state = .pruned
        case .value(let value): (trial.state, trial.value) = (.completed, value)
        }
        return trial
    }

    /// All suggested trials in order of number.
    package var trials: [Trial] { points.indices.compactMap(trial) }

    /// The best completed trial; of equals the one with the lower number.
    package var best: Trial? { bestNumber.flatMap(trial) }

    /// Brings the history up to what the next trial may know, and returns its number when it may start.
    private mutating func advance() -> Int? {
        let number = points.count
        guard number < trialCount else { return nil }
        let visible = max(0, number - parallelTrials + 1)
        while absorbed < visible {
            guard outcomes[absorbed] != nil else { return nil }
            if sampler.readsHistory { history.close(loss: expectedLoss(of: absorbed)) }
            absorbed += 1
        }
        return number
    }

    /// Of equals the lower number is the best, whichever came in first.
    private func isBetter(_ loss: Double, _ number: Int) -> Bool {
        guard let bestNumber, let least = self.loss(of: bestNumber) else { return true }
        return (loss, number) < (least, bestNumber)
    }

    private mutating func open(_ number: Int, _ values: [ParameterValue]) -> Trial {
        points.append(values)
        outcomes.append(nil)
        if sampler.readsHistory { history.open(values, suggested: number >= enqueued.count) }
        return Trial(number: number, parameters: space.named(values))
    }

    /// The point enqueued for a trial, completed at random; nil when none is.
    private func enqueuedPoint(_ number: Int) -> [ParameterValue]? {
        guard enqueued.indices.contains(number) else { return nil }
        var given: [String: ParameterValue] = [:]
        for parameter in space.parameters {
            given[parameter.name] = enqueued[number][parameter.name].flatMap(parameter.distribution.normalized)
        }
        var generator = SplitMix64(seed: Seed.derive(seed, UInt64(truncatingIfNeeded: number), 4))
        return RandomSampler.feasiblePoint(of: space, given: given, attempts: 100_000, using: &generator)
    }

    /// What samplers learn from.
    private func expectedLoss(of number: Int) -> Double? {
        guard case .pruned(let value) = outcomes[number] else { return loss(of: number) }
        return direction == .minimize ? value : -value
    }

    private func loss(of number: Int) -> Double? {
        guard case .value(let value) = outcomes[number] else { return nil }
        return direction == .minimize ? value : -value
    }
}
