import Search
import Testing

@Suite struct GPSamplerTests {
    @Test func `fits come at counts that grow by a share and then by 25`() {
        var counts: [Int] = []
        for count in 10...400 where counts.last != GPSampler.refitCount(count, from: 10, growth: 8) {
            counts.append(GPSampler.refitCount(count, from: 10, growth: 8))
        }
        #expect(counts.prefix(9) == [10, 11, 12, 13, 14, 15, 16, 18, 20])
        #expect(zip(counts, counts.dropFirst()).allSatisfy { $1 - $0 == max(1, min(25, $0 / 8)) })
        #expect(GPSampler.refitCount(10, from: 10, growth: 3) == 10)
        #expect(1_000_000 - GPSampler.refitCount(1_000_000, from: 10, growth: 8) < 25)
    }

    @Test func `a sum of separate functions is searched one dimension at a time`() throws {
        // Each part has four valleys; only a process that adds up its dimensions tells them apart with so few trials.
        let space = try SearchSpace((0..<4).map { .init(name: "x\($0)", distribution: .int(low: 0, high: 40)) })
        var study = Study(space: space, sampler: GPSampler(), trials: 60, seed: 2, parallelTrials: 1, direction: .minimize)
        while let trial = study.next() {
            let loss = (0..<4).reduce(0.0) { sum, i in
                let x = (trial.parameters["x\(i)"]?.wholeNumber ?? 0)
                let valley = abs(x % 10 - 5)
                return sum + Double(valley) + (x / 10 == (i + 1) % 4 ? 0 : 3)
            }
            study.tell(trial.number, .value(loss))
        }
        // Random search comes to 8 or so.
        #expect((study.best?.value ?? .infinity) <= 3)
    }

    @Test func `beyond its limit of trials a study still resumes as if it had never stopped`() throws {
        let space = try SearchSpace((0..<2).map { .init(name: "x\($0)", distribution: .float(low: -2, high: 2)) })
        func loss(_ trial: Trial) -> Double {
            let (a, b) = (trial.parameters["x0"]?.number ?? 9, trial.parameters["x1"]?.number ?? 9)
            return (a - 1) * (a - 1) + 3 * (b - a) * (b - a)
        }
        for sampler in [GPSampler(startupTrials: 5, trialLimit: 12), AutoSampler(startupTrials: 5, processTrials: 12)]
            as [any Sampler]
        {
            func study() -> Study {
                Study(space: space, sampler: sampler, trials: 48, seed: 6, parallelTrials: 3, direction: .minimize)
            }
            var whole = study()
            while let trial = whole.next() { whole.tell(trial.number, trial.number % 9 == 4 ? .failed : .value(loss(trial))) }
            for cut in [14, 29, 44] {
                var resumed = study()
                for trial in whole.trials.prefix(cut) {
                    _ = try resumed.resume(parameters: trial.parameters)
                    resumed.tell(trial.number, trial.value.map(TrialOutcome.value) ?? .failed)
                }
                while let trial = resumed.next() {
                    resumed.tell(trial.number, trial.number % 9 == 4 ? .failed : .value(loss(trial)))
                }
                #expect(resumed.trials == whole.trials, "\(cut)")
            }
        }
    }

    @Test func `trials of a large batch differ, and every second one stays in the box around the best`() throws {
        let space = try SearchSpace((0..<2).map { .init(name: "x\($0)", distribution: .float(low: -2, high: 2)) })
        var history = TrialHistory(space: space)
        let sequence = SequenceSampler(.sobol)
        for number in 0..<40 {
            let values = sequence.suggest(trial: number, history: history, seed: 1)
            let (a, b) = (values[0].number ?? 9, values[1].number ?? 9)
            history.append(values, loss: (a - 1) * (a - 1) + 3 * (b - 0.5) * (b - 0.5))
        }
        var sampler = GPSampler()
        var batch: [[ParameterValue]] = []
        var outside = 0
        let best = history.ranking.prefix(20).map { history.point(Int($0)) }
        for number in 40..<60 {
            // The box closes in from eight trials that run on, while there are at least twice as many results.
            let isLocal = history.pendingCount >= 8 && number % 2 == 1
            let values = sampler.suggest(trial: number, history: history, seed: 1)
            #expect(!batch.contains(values))
            for axis in 0..<2 where isLocal {
                let (places, x) = (best.map { $0[axis] }, values[axis].number ?? 9)
                let (low, high) = (places.min() ?? 0, places.max() ?? 0)
                if x < low - 0.1 * (high - low) - 1e-9 || x > high + 0.1 * (high - low) + 1e-9 { outside += 1 }
            }
            batch.append(values)
            history.open(values)
        }
        #expect(outside == 0)
    }
}
