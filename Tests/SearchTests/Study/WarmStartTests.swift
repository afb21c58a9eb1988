import Search
import Testing

@Suite struct WarmStartTests {
    private let space: SearchSpace

    init() throws {
        space = try SearchSpace([
            .init(name: "penalty", distribution: .float(low: 0.1, high: 10, log: true)),
            .init(name: "depth", distribution: .int(low: 1, high: 8)),
        ])
    }

    @Test func `an older point is read by names, with what it lacked filled in`() throws {
        let reading = WarmStart(map: ["l2": "penalty"], fill: ["depth": .int(3)])
        try reading.check(space)
        let point = reading.point(["l2": .double(1), "gone": .string("x")], in: space)
        #expect(point == [.double(1), .int(3)])
        // Its own value goes before the filled one; a value outside the new range is no point.
        #expect(reading.point(["l2": .int(2), "depth": .int(5)], in: space) == [.double(2), .int(5)])
        #expect(reading.point(["l2": .double(20)], in: space) == nil)
        #expect(WarmStart().point(["penalty": .double(1)], in: space) == nil)
    }

    @Test(arguments: [
        WarmStart(map: ["l2": "penal"]), WarmStart(map: ["a": "depth", "b": "depth"]), WarmStart(fill: ["width": .int(1)]),
        WarmStart(fill: ["depth": .int(99)]),
    ])
    func `a mapping that does not fit the space is refused`(reading: WarmStart) {
        let error = #expect(throws: SearchError.self) { try reading.check(space) }
        #expect(error?.code == "E_WARM_START")
    }

    private func loss(_ trial: Trial) -> Double {
        let (p, d) = (trial.parameters["penalty"]?.number ?? 0, trial.parameters["depth"]?.number ?? 0)
        return abs(p - 2) + abs(d - 6)
    }

    private func known(_ trials: Int) -> [WarmStart.Known] {
        var older = Study(space: space, sampler: RandomSampler(), trials: trials, seed: 1, direction: .minimize)
        while let trial = older.next() { older.tell(trial.number, .value(loss(trial))) }
        return older.trials.compactMap { trial in
            WarmStart().point(trial.parameters, in: space).map { .init(point: $0, outcome: .value(trial.value ?? 0)) }
        }
    }

    @Test(arguments: SamplerKind.learning)
    func `a study that knows an older one goes on from there, on any number of workers and after a restart`(
        kind: SamplerKind
    ) throws {
        let known = known(60)
        #expect(known.count == 60)
        func study(_ known: [WarmStart.Known]) -> Study {
            Study(
                space: space, sampler: kind.sampler, trials: 30, seed: 2, parallelTrials: 3, direction: .minimize, known: known)
        }
        var (warm, cold) = (study(known), study([]))
        while let trial = warm.next() { warm.tell(trial.number, .value(loss(trial))) }
        while let trial = cold.next() { cold.tell(trial.number, .value(loss(trial))) }
        #expect(warm.trials != cold.trials)
        #expect(warm.trials.map(\.number) == Array(0..<30))
        func mean(_ study: Study) -> Double { study.trials.reduce(0) { $0 + loss($1) } / 30 }
        #expect(mean(warm) < mean(cold))
        var resumed = study(known)
        for trial in warm.trials.prefix(17) {
            _ = try resumed.resume(parameters: trial.parameters)
            resumed.tell(trial.number, .value(loss(trial)))
        }
        while let trial = resumed.next() { resumed.tell(trial.number, .value(loss(trial))) }
        #expect(resumed.trials == warm.trials)
    }
}
