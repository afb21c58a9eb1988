import Search
import Testing

@Suite struct SearchOrderTests {
    private func study(_ order: SearchOrder) throws -> Study {
        let space = try SearchSpace([.init(name: "x", distribution: .float(low: 0, high: 1))])
        return Study(
            space: space, sampler: TPESampler(startupTrials: 4), trials: 40, seed: 5, parallelTrials: 4, direction: .minimize,
            order: order)
    }

    private func loss(_ trial: Trial) -> TrialOutcome { .value(abs((trial.parameters["x"]?.number ?? 9) - 0.25)) }

    @Test func `nobody waits for the first trial in an asynchronous study`() throws {
        for order in SearchOrder.allCases {
            var study = try study(order)
            let opened = study.next()
            let first = try #require(opened)
            while let trial = study.next() { study.tell(trial.number, loss(trial)) }
            // The trial that still runs holds up all that must know its result.
            #expect(study.startedCount == (order == .asynchronous ? 40 : 4))
            study.tell(first.number, loss(first))
            while let trial = study.next() { study.tell(trial.number, loss(trial)) }
            #expect(study.isFinished)
        }
    }

    @Test func `as many trials are open at once as in the other order`() throws {
        var study = try study(.asynchronous)
        var open: [Trial] = []
        while let trial = study.next() { open.append(trial) }
        #expect(open.count == 4)
        study.tell(2, .failed)
        let (next, none) = (study.next(), study.next())
        #expect(next?.number == 4 && none == nil)
    }

    @Test func `results that come in order make the same study in both`() throws {
        var trials: [[Trial]] = []
        for order in SearchOrder.allCases {
            let space = try SearchSpace([.init(name: "x", distribution: .float(low: 0, high: 1))])
            var study = Study(
                space: space, sampler: TPESampler(), trials: 30, seed: 2, parallelTrials: 1, direction: .minimize, order: order)
            while let trial = study.next() { study.tell(trial.number, loss(trial)) }
            trials.append(study.trials)
        }
        #expect(trials[0] == trials[1])
    }
}
