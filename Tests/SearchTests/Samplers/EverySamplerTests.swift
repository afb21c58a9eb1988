import Search
import Testing

/// What every sampler keeps to, whatever it proposes.
@Suite struct EverySamplerTests {
    private static let space: [SearchSpace.Parameter] = [
        .init(name: "n", distribution: .int(low: 1, high: 4096, log: true)),
        .init(name: "s", distribution: .float(low: -1, high: 1, step: 0.125)),
        .init(name: "l", distribution: .float(low: 1e-6, high: 1e2, log: true)),
        .init(name: "c", distribution: .categorical([.string("p"), .string("q"), .string("r"), .string("t")])),
        .init(name: "k", distribution: .int(low: 3, high: 3)),
        .init(name: "m", distribution: .int(low: -7, high: 11, step: 3)),
    ]

    private func objective(_ trial: Trial) -> Double {
        func number(_ name: String) -> Double { trial.parameters[name]?.number ?? 0 }
        let choice = trial.parameters["c"] == .string("r") ? 0.0 : 1.0
        return choice + abs(number("s") - 0.5) + abs(number("m") - 2) / 10 + number("n") / 4096 + number("l") / 100
    }

    @Test(arguments: SamplerKind.allCases.filter { $0 != .grid })
    func `values keep to their bounds, steps and choices`(kind: SamplerKind) throws {
        let space = try SearchSpace(Self.space)
        var study = Study(
            space: space, sampler: kind.sampler, trials: kind.testedTrials, seed: 4, parallelTrials: 3, direction: .minimize)
        while let trial = study.next() {
            for parameter in space.parameters {
                let value = try #require(trial.parameters[parameter.name])
                #expect(parameter.distribution.contains(value), "\(parameter.name) \(value)")
            }
            study.tell(trial.number, trial.number % 7 == 3 ? .failed : .value(objective(trial)))
        }
        #expect(study.isFinished)
    }

    @Test(arguments: SamplerKind.learning)
    func `a constant objective and repeated points do no harm`(kind: SamplerKind) throws {
        let space = try SearchSpace([
            .init(name: "n", distribution: .int(low: 0, high: 1)), .init(name: "x", distribution: .float(low: 0, high: 1)),
        ])
        var study = Study(
            space: space, sampler: kind.sampler, trials: kind.testedTrials, seed: 1, parallelTrials: 3, direction: .minimize)
        while let trial = study.next() { study.tell(trial.number, .value(1)) }
        #expect(study.best?.number == 0)
    }

    @Test(arguments: SamplerKind.learning)
    func `a space smaller than the study, huge losses and a space of one point do no harm`(kind: SamplerKind) throws {
        let few = try SearchSpace([
            .init(name: "n", distribution: .int(low: 0, high: 2)),
            .init(name: "c", distribution: .categorical([.string("a"), .string("b")])),
        ])
        for space in [few, .point, try SearchSpace([.init(name: "x", distribution: .float(low: -8e307, high: 8e307))])] {
            var study = Study(
                space: space, sampler: kind.sampler, trials: kind.testedTrials, seed: 1, parallelTrials: 2, direction: .minimize)
            while let trial = study.next() {
                study.tell(trial.number, .value(trial.number.isMultiple(of: 2) ? 1e307 : -1e307 * Double(trial.number % 5)))
            }
            #expect(study.isFinished)
        }
    }
}
