import Search
import Statistics
import Testing

@Suite struct PrunedStudyTests {
    private let rungs = [2, 4, 8]
    private let space: SearchSpace

    init() throws { space = try SearchSpace([.init(name: "x", distribution: .float(low: -5, high: 5))]) }

    private enum Kind: CaseIterable { case window, median, halving, hyperband }

    private func study(_ kind: Kind, trials: Int = 60, parallel: Int = 8, direction: Direction = .minimize) -> PrunedStudy {
        let study = Study(
            space: space, sampler: TPESampler(), trials: trials, seed: 7, parallelTrials: parallel, direction: direction)
        switch kind {
        case .window: return PrunedStudy(study, rungs: rungs, pruner: WindowPruner(rungs: rungs, level: 0.2))
        case .median: return PrunedStudy(study, rungs: rungs, pruner: PercentilePruner(rungs: 3, share: 0.5, startup: 5))
        case .halving: return PrunedStudy(study, rungs: rungs, ladder: HalvingLadder(rungs: 3, reduction: 2))
        case .hyperband: return PrunedStudy(study, rungs: rungs, ladder: HyperbandLadder(rungs: 3, reduction: 2, trials: trials))
        }
    }

    /// What step `step` of a trial comes to: near its objective, differently at each step.
    private func value(_ trial: Trial, _ step: Int) -> Double {
        let x = trial.parameters["x"]?.number ?? 0
        var generator = SplitMix64(seed: Seed.derive(UInt64(trial.number), UInt64(step)))
        return (x - 1) * (x - 1) + 0.3 * generator.gaussian()
    }

    private struct Record: Equatable {
        var ends: [Int: String] = [:]
        var steps: [Int: Int] = [:]
        var study: [Trial] = []
        var runs: Set<RungRun> = []
    }

    /// Runs a study on `workers` that finish in an order drawn from `seed`; trial 11 fails on its way.
    private func run(_ pruned: PrunedStudy, workers: Int, seed: UInt64, sign: Double = 1) throws -> Record {
        var (pruned, record, trials, open) = (pruned, Record(), [Int: Trial](), [RungRun]())
        var generator = SplitMix64(seed: seed)
        var queue: [RungRun] = []
        while !pruned.isFinished {
            while let (run, opened) = pruned.next() {
                if let opened { trials[run.trial] = opened }
                queue.append(run)
                let isNew = record.runs.insert(run).inserted
                #expect(isNew, "a run starts once")
            }
            while open.count < workers, !queue.isEmpty { open.append(queue.removeFirst()) }
            if open.isEmpty { break }
            let run = open.remove(at: Int(generator.integer(below: UInt64(open.count))))
            let trial = try #require(trials[run.trial])
            if run.trial == 11 {
                pruned.finish(11, .failed)
                record.ends[11] = "failed"
                continue
            }
            let first = record.steps[run.trial] ?? 0
            record.steps[run.trial] = rungs[run.rung]
            switch pruned.report(run.trial, .steps((first..<rungs[run.rung]).map { sign * value(trial, $0) })) {
            case .goesOn, .waits: break
            case .stops(let reason): record.ends[run.trial] = reason
            case .isDone:
                record.ends[run.trial] = "done"
                pruned.finish(run.trial, .value(sign * (0..<8).reduce(0) { $0 + value(trial, $1) } / 8))
            }
        }
        #expect(pruned.isFinished)
        record.study = pruned.study.trials
        return record
    }

    @Test(arguments: [0, 1, 2, 3])
    func `the same runs, ends and trials on any number of workers, in whatever order they finish`(_ index: Int) throws {
        let kind = Kind.allCases[index]
        let first = try run(study(kind), workers: 1, seed: 1)
        for (workers, seed) in [(1, 2), (4, 3), (8, 4), (32, 5)] {
            let other = try run(study(kind), workers: workers, seed: UInt64(seed))
            #expect(other == first, "\(kind) on \(workers) workers")
        }
        #expect(first.study.count == 60)
        #expect(first.study.contains { $0.state == .pruned } && first.study.contains { $0.state == .completed })
        #expect(first.study[11].state == .failed)
        let steps = first.steps.values.reduce(0, +)
        // The best of few steps is often lucky, so the median rule stops late.
        #expect(steps < (kind == .median ? 440 : 360), "\(kind) took \(steps) of 480 steps")
    }

    @Test(arguments: [0, 1, 2, 3]) func `a study that maximises is one that minimises, mirrored`(_ index: Int) throws {
        let kind = Kind.allCases[index]
        let down = try run(study(kind), workers: 4, seed: 1)
        let up = try run(study(kind, direction: .maximize), workers: 4, seed: 1, sign: -1)
        #expect(down.runs == up.runs && down.study.map(\.state) == up.study.map(\.state))
    }

    @Test func `trials that wait are pruned when the study is over, and the best has done all its steps`() throws {
        let record = try run(study(.halving), workers: 4, seed: 1)
        let completed = record.study.filter { $0.state == .completed }
        #expect(completed.allSatisfy { record.steps[$0.number] == 8 })
        #expect(record.study.filter { $0.state == .pruned }.allSatisfy { record.steps[$0.number] ?? 8 < 8 })
        let best = completed.compactMap(\.value).min() ?? .infinity
        let all = record.study.map { trial in (0..<8).reduce(0) { $0 + value(trial, $1) } / 8 }
        #expect(best < all.sorted()[6])
    }

    @Test(arguments: [2, 3]) func `a study too small for its ladder still runs its best trial to the end`(_ index: Int) throws {
        for trials in [1, 2, 3] {
            let record = try run(study(Kind.allCases[index], trials: trials, parallel: 2), workers: 2, seed: 1)
            let whole = record.study.filter { $0.state == .completed }
            #expect(!whole.isEmpty && record.steps[whole[0].number] == 8, "\(trials) trials")
        }
    }

    @Test func `samplers learn from a pruned trial what it is thought to come to`() {
        var study = Study(
            space: space, sampler: TPESampler(), trials: 3, seed: 1, parallelTrials: 1, direction: .maximize)
        _ = study.next()
        study.tell(0, .pruned(0.5))
        #expect(study.best == nil && study.trial(0)?.state == .pruned && study.trial(0)?.value == nil)
        let isNews = study.tell(0, .value(0.75))
        #expect(isNews && study.best?.value == 0.75 && study.finishedCount == 1)
        _ = study.next()
        study.tell(1, .pruned(.nan))
        #expect(study.trial(1)?.state == .failed)
    }
}
