import Statistics

/// A search in progress: which trials there are, what came out, and which one is next.
///
/// Trial k is suggested from the results of trials 0...k - `parallelTrials` and from the points of those in between, never
/// from what happened to finish in time. So the sequence of trials depends on the seed and the results only: the same on
/// one worker or many, in whatever order results arrive, with or without a restart in between.
package struct Study: Sendable {
    package let space: SearchSpace
    /// One for each objective; the first is the one that decides where the others leave a choice.
    package let directions: [Direction]
    package let seed: UInt64
    /// How many trials the study has in all.
    package let trialCount: Int
    /// How many trials may be open at once.
    package let parallelTrials: Int
    package let order: SearchOrder

    /// Points that the first trials take instead of what the sampler would propose; what one leaves open is drawn at random.
    private let enqueued: [[String: ParameterValue]]
    /// Trials of an older study that samplers know from the start. In the history they come before the study's own.
    private let knownCount: Int
    private var sampler: any Sampler
    private var points: [[ParameterValue]] = []
    private var outcomes: [TrialOutcome?] = []
    private var history: TrialHistory
    /// Trials whose outcome the history already has: 0..<absorbed.
    private var absorbed = 0
    /// Trials that have an outcome.
    package private(set) var finishedCount = 0
    private var bestNumber: Int?
    /// The trials that no other one beats in all objectives.
    private var paretoFront = ParetoFront()

    /// The most objectives of one study.
    package static let objectiveLimit = 4

    /// `trials` and `parallelTrials` are at least 1 (smaller numbers count as 1). `enqueued` has passed `SearchSpace.check`; the
    /// points of `known` are of `space`.
    package init(
        space: SearchSpace, sampler: any Sampler, trials: Int, seed: UInt64, parallelTrials: Int = 8, direction: Direction,
        further: [Direction] = [], enqueued: [[String: ParameterValue]] = [], known: [WarmStart.Known] = [],
        order: SearchOrder = .reproducible
    ) {
        self.order = order
        self.space = space
        self.enqueued = enqueued
        self.sampler = sampler
        self.seed = seed
        directions = [direction] + further
        trialCount = max(1, trials)
        self.parallelTrials = max(1, parallelTrials)
        history = TrialHistory(space: space, objectives: directions.count)
        knownCount = known.count
        for trial in known where sampler.readsHistory {
            history.open(space.canonical(trial.point), suggested: false)
            history.close(merit(trial.outcome))
        }
    }

    /// How probable each member of a portfolio is to propose the next trial; nil for another sampler.
    package var samplerShares: [(name: String, share: Double)]? { (sampler as? AutoSampler)?.shares }
    /// That of the first objective.
    package var direction: Direction { directions[0] }
    /// How many trials have been suggested.
    package var startedCount: Int { points.count }
    package var isFinished: Bool { finishedCount == trialCount }

    /// The next trial, or nil when all have been suggested or when one that it must learn from has no outcome yet.
    package mutating func next() -> Trial? {
        guard let number = advance() else { return nil }
        let values = enqueuedPoint(number) ?? sampler.suggest(trial: knownCount + number, history: history, seed: seed)
        return open(number, space.canonical(values))
    }

    /// Takes up trial `startedCount` with the parameters it was given before a restart, without asking the sampler again.
    ///
    /// Like `next`, returns nil when outcomes that it depends on are missing: tell them first. Throws `E_SPACE_BOUNDS`
    /// when the parameters are not a point of the space.
    package mutating func resume(parameters: [String: ParameterValue]) throws(SearchError) -> Trial? {
        let values = try space.ordered(parameters)
        return advance().map { open($0, values) }
    }

    /// Records the outcome of a trial and says whether that was news: the first outcome of a suggested trial counts, all
    /// others are ignored.
    @discardableResult
    package mutating func tell(_ number: Int, _ outcome: TrialOutcome) -> Bool {
        guard outcomes.indices.contains(number), outcomes[number] == nil else { return false }
        let merit = merit(outcome)
        outcomes[number] = merit == nil ? .failed : outcome
        finishedCount += 1
        guard let merit else { return true }
        if isBetter(merit, number) { bestNumber = number }
        if directions.count > 1 { paretoFront.insert(number, merit) }
        return true
    }

    /// The trial numbered `number`, if it has been suggested.
    package func trial(_ number: Int) -> Trial? {
        guard points.indices.contains(number) else { return nil }
        var trial = Trial(number: number, parameters: space.named(points[number]))
        switch outcomes[number] {
        case nil: trial.state = .running
        case .failed: trial.state = .failed
        case .value(let value): (trial.state, trial.value, trial.values) = (.completed, value, [value])
        case .values(let values, let violation):
            (trial.state, trial.value, trial.values, trial.violation) = (.completed, values.first, values, violation)
        }
        return trial
    }

    /// All suggested trials in order of number.
    package var trials: [Trial] { points.indices.compactMap(trial) }

    /// The best completed trial, one that keeps the limits before one that does not; with several objectives the best by the
    /// first of them. Of equals the one with the lower number.
    package var best: Trial? { bestNumber.flatMap(trial) }

    /// With several objectives the trials that no other one beats, by number; otherwise the best.
    package var front: [Trial] {
        directions.count > 1 ? paretoFront.members.compactMap { trial($0.number) } : best.map { [$0] } ?? []
    }

    /// The volume that the front dominates up to the worst value of each objective among all completed trials that keep the
    /// limits; nil with one objective, while there is none, or when the front is too large to be measured exactly in little time.
    package var hypervolume: Double? {
        guard paretoFront.members.count <= Hypervolume.pointLimit(objectives: directions.count) else { return nil }
        let merits = points.indices.compactMap { merit(of: $0) }.filter { $0.violation == 0 }
        guard directions.count > 1, !merits.isEmpty else { return nil }
        let worst = directions.indices.map { k in merits.reduce(-Double.infinity) { max($0, $1.losses[k]) } }
        return Hypervolume.of(paretoFront.members.map(\.merit.losses), reference: worst)
    }

    /// Completed trials from the best on: those that keep the limits before those that do not, then by the first objective; of
    /// equals the one with the lower number.
    package var ranked: [Trial] {
        let merits = points.indices.compactMap { number in merit(of: number).map { (number: number, merit: $0) } }
        let sorted = merits.sorted { a, b in
            if a.merit.precedes(b.merit) { return true }
            return !b.merit.precedes(a.merit) && a.number < b.number
        }
        return sorted.compactMap { trial($0.number) }
    }

    /// Brings the history up to what the next trial may know, and returns its number when it may start.
    private mutating func advance() -> Int? {
        let number = points.count
        guard number < trialCount else { return nil }
        let visible = order == .asynchronous ? number : max(0, number - parallelTrials + 1)
        if order == .asynchronous, number - finishedCount >= parallelTrials { return nil }
        while absorbed < visible {
            guard outcomes[absorbed] != nil else {
                if order == .asynchronous { break }
                return nil
            }
            if sampler.readsHistory { history.close(merit(of: absorbed)) }
            absorbed += 1
        }
        return number
    }

    /// Of equals the lower number is the best, whichever came in first.
    private func isBetter(_ own: Merit, _ number: Int) -> Bool {
        guard let bestNumber, let least = merit(of: bestNumber) else { return true }
        return own.precedes(least) || (!least.precedes(own) && number < bestNumber)
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

    private func merit(of number: Int) -> Merit? { outcomes[number].flatMap(merit) }

    /// Nil for a failure and for what is not one finite value for each objective.
    private func merit(_ outcome: TrialOutcome) -> Merit? {
        let (values, violation): ([Double], Double)
        switch outcome {
        case .failed: return nil
        case .value(let value): (values, violation) = ([value], 0)
        case .values(let all, let broken): (values, violation) = (all, broken)
        }
        guard values.count == directions.count, values.allSatisfy(\.isFinite), violation.isFinite, violation >= 0 else {
            return nil
        }
        return Merit(losses: zip(values, directions).map { $1 == .minimize ? $0 : -$0 }, violation: violation)
    }
}
