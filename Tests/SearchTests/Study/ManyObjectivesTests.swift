import Search
import Statistics
import Testing

/// Studies of several objectives, and of results with limits.
@Suite struct ManyObjectivesTests {
    private let space: SearchSpace

    init() throws {
        space = try SearchSpace((0..<4).map { .init(name: "x\($0)", distribution: .float(low: 0, high: 1)) })
    }

    /// ZDT1 in four dimensions, the second objective turned so that it is maximised.
    private func values(_ trial: Trial) -> [Double] {
        let x = (0..<4).map { trial.parameters["x\($0)"]?.number ?? 0 }
        let g = 1 + 3 * (x[1] + x[2] + x[3])
        return [x[0], -g * (1 - (x[0] / g).squareRoot())]
    }

    private func study(_ kind: SamplerKind, trials: Int, parallel: Int = 3) -> Study {
        Study(
            space: space, sampler: kind.sampler(objectives: 2), trials: trials, seed: 3, parallelTrials: parallel,
            direction: .minimize, further: [.maximize])
    }

    private func run(_ study: Study, workers: Int, seed: UInt64) -> Study {
        var (study, generator) = (study, SplitMix64(seed: seed))
        var open: [Trial] = []
        while !study.isFinished {
            while open.count < workers, let trial = study.next() { open.append(trial) }
            let trial = open.remove(at: Int(generator.integer(below: UInt64(open.count))))
            let violation = max(0, 0.1 - (trial.parameters["x0"]?.number ?? 0))
            study.tell(trial.number, trial.number % 11 == 4 ? .failed : .values(values(trial), violation: violation))
        }
        return study
    }

    private static let kinds = SamplerKind.allCases.filter { $0 != .grid && $0.objectiveLimit > 1 }

    @Test(arguments: kinds)
    func `the same trials come on any number of workers, and after a restart`(kind: SamplerKind) throws {
        let expected = run(study(kind, trials: 90), workers: 1, seed: 0)
        #expect(run(study(kind, trials: 90), workers: 3, seed: 5).trials == expected.trials)
        var resumed = study(kind, trials: 90)
        for trial in expected.trials.prefix(70) {
            _ = try resumed.resume(parameters: trial.parameters)
            resumed.tell(
                trial.number, trial.state == .failed ? .failed : .values(trial.values, violation: trial.violation))
        }
        let whole = run(resumed, workers: 2, seed: 8)
        #expect(whole.trials == expected.trials)
        #expect(whole.front == expected.front && whole.hypervolume == expected.hypervolume)
    }

    @Test(arguments: [SamplerKind.nsga2, .tpe, .auto])
    func `they come closer to the front than random search`(kind: SamplerKind) throws {
        func volume(_ kind: SamplerKind) -> Double {
            let front = run(study(kind, trials: 300), workers: 3, seed: 1).front
            return Hypervolume.of(front.map { [$0.values[0], -$0.values[1]] }, reference: [1, 4])
        }
        let (own, random) = (volume(kind), volume(.random))
        // The front itself, from 0.1 on, dominates 0.9 * 4 - ∫(1 - √x) = 3.346.
        #expect(own > random + 0.2 && own < 3.346, "\(own) \(random)")
    }

    @Test func `the front keeps the limits and nothing beats it; the best is its best by the first objective`() throws {
        let study = run(study(.nsga2, trials: 200), workers: 3, seed: 1)
        let front = study.front
        #expect(front.count > 5 && front.allSatisfy { $0.violation == 0 })
        for trial in study.trials where trial.state == .completed && trial.violation == 0 {
            for member in front {
                let isWorse = trial.values[0] < member.values[0] && trial.values[1] > member.values[1]
                #expect(!isWorse)
            }
        }
        #expect(study.best?.number == front.min { $0.values[0] < $1.values[0] }?.number)
        #expect(study.ranked.first == study.best)
        let states = study.ranked.map { $0.violation == 0 }
        #expect(states == states.sorted { $0 && !$1 })
    }

    @Test func `values that are too few, too many or not finite are failures`() {
        var study = study(.random, trials: 5, parallel: 5)
        for _ in 0..<5 { _ = study.next() }
        study.tell(0, .values([1], violation: 0))
        study.tell(1, .values([1, 2, 3], violation: 0))
        study.tell(2, .values([1, .nan], violation: 0))
        study.tell(3, .values([1, 2], violation: -1))
        study.tell(4, .value(1))
        #expect(study.trials.allSatisfy { $0.state == .failed } && study.best == nil && study.front.isEmpty)
        #expect(study.hypervolume == nil)
    }

    @Test(arguments: [SamplerKind.auto, .gp, .tpe, .cma, .nsga2])
    func `with a limit on results the best keeps it although better values break it`(kind: SamplerKind) throws {
        var study = Study(
            space: space, sampler: kind.sampler, trials: 120, seed: 5, parallelTrials: 2, direction: .minimize)
        while let trial = study.next() {
            let x = (0..<4).map { trial.parameters["x\($0)"]?.number ?? 0 }
            let sum = x.reduce(0, +)
            study.tell(trial.number, .values([sum], violation: max(0, 1.5 - sum)))
        }
        let best = try #require(study.best)
        #expect(best.violation == 0 && best.values[0] >= 1.5 && best.values[0] < 1.85, "\(best.values)")
    }
}
