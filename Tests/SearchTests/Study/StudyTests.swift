import Search
import Statistics
import Testing

@Suite struct StudyTests {
    private let space: SearchSpace

    init() throws {
        space = try SearchSpace([
            .init(name: "x", distribution: .float(low: -5, high: 5)),
            .init(name: "k", distribution: .int(low: 1, high: 64, log: true)),
            .init(name: "c", distribution: .categorical([.string("a"), .string("b"), .string("c")])),
        ])
    }

    /// What a trial brings: a function of its parameters, with some failures.
    private func outcome(_ trial: Trial) -> TrialOutcome {
        let x = trial.parameters["x"]?.number ?? 0
        let k = trial.parameters["k"]?.number ?? 0
        let penalty = trial.parameters["c"] == .string("b") ? 0.0 : 3.0
        if trial.number % 13 == 5 { return .failed }
        if trial.number % 17 == 9 { return .value(.nan) }
        return .value(x * x + 0.01 * (k - 9) * (k - 9) + penalty)
    }

    private func study(_ sampler: any Sampler = TPESampler(), trials: Int = 80, parallel: Int = 8, seed: UInt64 = 7) -> Study {
        Study(space: space, sampler: sampler, trials: trials, seed: seed, parallelTrials: parallel, direction: .minimize)
    }

    /// Runs a study with `workers` that finish in an order drawn from `seed`.
    private func run(_ study: Study, workers: Int, seed: UInt64) -> Study {
        var study = study
        var generator = SplitMix64(seed: seed)
        var open: [Trial] = []
        while !study.isFinished {
            while open.count < workers, let trial = study.next() { open.append(trial) }
            let finished = open.remove(at: Int(generator.integer(below: UInt64(open.count))))
            let isNews = study.tell(finished.number, outcome(finished))
            #expect(isNews)
        }
        return study
    }

    @Test(arguments: SamplerKind.learning)
    func `the same trials come on any number of workers in any order of results`(kind: SamplerKind) {
        let trials = kind.testedTrials
        let expected = run(study(kind.sampler, trials: trials), workers: 1, seed: 0).trials
        #expect(expected.count == trials)
        for workers in [2, 3, 8, 32] {
            #expect(run(study(kind.sampler, trials: trials), workers: workers, seed: UInt64(workers)).trials == expected)
        }
    }

    @Test func `at most parallelTrials are open`() {
        var study = study(parallel: 5)
        var open: [Trial] = []
        while let trial = study.next() { open.append(trial) }
        #expect(open.map(\.number) == [0, 1, 2, 3, 4])
        // The oldest open trial holds the window back, whatever else finishes.
        for number in 1...4 { study.tell(number, .value(1)) }
        let blocked = study.next()
        #expect(blocked == nil)
        study.tell(0, .failed)
        while let trial = study.next() { open.append(trial) }
        #expect(open.map(\.number) == Array(0...9))
    }

    @Test(arguments: SamplerKind.learning)
    func `a study resumed from its record goes on as if it had never stopped`(kind: SamplerKind) throws {
        let trials = kind.testedTrials
        let whole = run(study(kind.sampler, trials: trials), workers: 3, seed: 1)
        for cut in [1, 11, trials / 2, trials - 1, trials] {
            var resumed = study(kind.sampler, trials: trials)
            for trial in whole.trials.prefix(cut) {
                let taken = try resumed.resume(parameters: trial.parameters)
                #expect(taken?.number == trial.number)
                resumed.tell(trial.number, trial.value.map(TrialOutcome.value) ?? .failed)
            }
            #expect(run(resumed, workers: 2, seed: 9).trials == whole.trials)
        }
    }

    @Test func `another seed gives other trials`() {
        #expect(run(study(), workers: 1, seed: 0).trials != run(study(seed: 8), workers: 1, seed: 0).trials)
    }

    @Test func `failures and values that are not finite are never the best`() {
        var study = study(RandomSampler(), trials: 6)
        for _ in 0..<6 { _ = study.next() }
        study.tell(0, .value(.nan))
        study.tell(1, .value(-.infinity))
        study.tell(2, .failed)
        #expect(study.best == nil)
        study.tell(5, .value(2))
        study.tell(4, .value(2))
        study.tell(3, .value(3))
        #expect(study.best?.number == 4)
        #expect(study.isFinished)
        #expect(study.trials.map(\.state) == [.failed, .failed, .failed, .completed, .completed, .completed])
        #expect(study.trial(6) == nil)
    }

    @Test func `the best of a maximised study has the largest value`() {
        var study = Study(space: space, sampler: RandomSampler(), trials: 3, seed: 1, direction: .maximize)
        for number in 0..<3 {
            _ = study.next()
            study.tell(number, .value(Double(number)))
        }
        #expect(study.best?.number == 2)
        #expect(study.best?.value == 2)
    }

    @Test func `only the first outcome of a suggested trial counts`() {
        var study = study(RandomSampler(), trials: 2)
        _ = study.next()
        let news = [(0, 1.0), (0, 0), (1, 0), (-1, 0)].map { study.tell($0, .value($1)) }
        #expect(news == [true, false, false, false])
        #expect(study.trial(0)?.value == 1)
        #expect(study.finishedCount == 1)
    }

    @Test func `a study in which every trial fails ends`() {
        var study = study(trials: 40)
        while let trial = study.next() { study.tell(trial.number, .failed) }
        #expect(study.isFinished)
        #expect(study.best == nil)
    }
}

extension SamplerKind {
    /// Those that learn from results.
    static var learning: [SamplerKind] { allCases.filter { $0.sampler.readsHistory } }

    /// As many trials as a test has time for.
    var testedTrials: Int { self == .tpe || self == .cma ? 80 : 26 }
}
