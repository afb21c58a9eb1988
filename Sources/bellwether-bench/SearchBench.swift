import Foundation
import Search
import Statistics

/// What the search suite measures; each method prints its measurements as JSON objects, one a line.
struct SearchBench {
    let seeds: Int
    let trials: Int

    /// The regret of `sampler` on each function and seed: what the best trial lacks to the minimum.
    func regrets(_ sampler: SamplerKind, _ functions: [TestFunction], workers: Int = 1) throws {
        for function in functions {
            let begun = ContinuousClock.now
            let regrets = try (0..<seeds).map { try regret(sampler, function, seed: UInt64($0), workers: workers) }
            let seconds = ContinuousClock.now - begun
            Output.line([
                "sampler": .text(sampler.rawValue), "function": .text(function.name), "trials": .number(Double(trials)),
                "workers": .number(Double(workers)), "regrets": .numbers(regrets), "seconds": .number(seconds / .seconds(1)),
            ])
        }
    }

    private func regret(_ sampler: SamplerKind, _ function: TestFunction, seed: UInt64, workers: Int) throws -> Double {
        let space = try SearchSpace(
            function.domain.enumerated().map {
                .init(name: "x\($0)", distribution: .float(low: $1.lowerBound, high: $1.upperBound))
            })
        var study = Study(
            space: space, sampler: sampler.sampler, trials: trials, seed: seed, parallelTrials: workers, direction: .minimize)
        var open: [Trial] = []
        while !study.isFinished {
            while open.count < workers, let trial = study.next() { open.append(trial) }
            let trial = open.removeFirst()
            study.tell(trial.number, .value(function.value(try space.ordered(trial.parameters).compactMap(\.number))))
        }
        return (study.best?.value ?? .infinity) - function.minimum
    }

    /// The time that one suggestion and its result take once `completed` trials are done, in `dimensions` dimensions.
    func suggestion(dimensions: Int, completed: Int) throws {
        let space = try SearchSpace((0..<dimensions).map { .init(name: "x\($0)", distribution: .float(low: -5, high: 5)) })
        let repeats = 200
        func objective(_ trial: Trial) -> Double {
            trial.parameters.values.reduce(0) { $0 + ($1.number ?? 0) * ($1.number ?? 0) }
        }
        var study = Study(
            space: space, sampler: TPESampler(), trials: completed + repeats, seed: 1, parallelTrials: 1, direction: .minimize)
        // The trials before are taken up as after a restart: drawn at random, then ever closer to the optimum.
        var generator = SplitMix64(seed: 5)
        for number in 0..<completed {
            let width = 5 * (1 - 0.9 * Double(number) / Double(completed))
            let values = (0..<dimensions).map { _ in ParameterValue.double((2 * generator.uniform() - 1) * width) }
            guard let trial = try study.resume(parameters: space.named(values)) else { continue }
            study.tell(trial.number, .value(objective(trial)))
        }
        var times: [Double] = []
        while times.count < repeats {
            let begun = ContinuousClock.now
            guard let trial = study.next() else { break }
            study.tell(trial.number, .value(objective(trial)))
            times.append((ContinuousClock.now - begun) / .milliseconds(1))
        }
        Output.line([
            "name": .text("search.suggest.d\(dimensions)_n\(completed)_ms"), "value": .number(times.sorted()[times.count / 2]),
            "unit": .text("ms"), "count": .number(Double(times.count)),
        ])
    }
}
