import Search
import Testing

@Suite struct EnqueueTests {
    private let space: SearchSpace

    init() throws {
        space = try SearchSpace(
            [
                .init(name: "x", distribution: .float(low: -5, high: 5)), .init(name: "k", distribution: .int(low: 1, high: 9)),
                .init(name: "o", distribution: .ordinal([.string("low"), .string("mid"), .string("high")])),
            ], constraints: [.init(parsing: "x < k")])
    }

    private func study(_ kind: SamplerKind, _ enqueued: [[String: ParameterValue]]) -> Study {
        Study(
            space: space, sampler: kind.sampler, trials: kind.testedTrials, seed: 3, parallelTrials: 2, direction: .minimize,
            enqueued: enqueued)
    }

    private func loss(_ trial: Trial) -> Double {
        abs((trial.parameters["x"]?.number ?? 9) - 1.25) + (trial.parameters["k"]?.number ?? 9)
    }

    @Test(arguments: SamplerKind.learning)
    func `the first trials take the enqueued points, and a study resumes with them`(kind: SamplerKind) throws {
        let points: [[String: ParameterValue]] = [
            ["x": .int(1), "k": .int(2), "o": .string("mid")], ["k": .int(7)], ["o": .string("high"), "x": .double(4.5)],
        ]
        for point in points { try space.check(partial: point) }
        var whole = study(kind, points)
        while let trial = whole.next() { whole.tell(trial.number, .value(loss(trial))) }
        let trials = whole.trials
        #expect(trials[0].parameters == ["x": .double(1), "k": .int(2), "o": .string("mid")])
        #expect(trials[1].parameters["k"] == .int(7))
        #expect(trials[2].parameters["o"] == .string("high"))
        #expect(trials[2].parameters["x"] == .double(4.5))
        for trial in trials { _ = try space.ordered(trial.parameters) }
        var resumed = study(kind, points)
        for trial in trials.prefix(13) {
            _ = try resumed.resume(parameters: trial.parameters)
            resumed.tell(trial.number, .value(loss(trial)))
        }
        while let trial = resumed.next() { resumed.tell(trial.number, .value(loss(trial))) }
        #expect(resumed.trials == trials)
    }

    @Test(arguments: [
        (["y": ParameterValue.int(1)], "E_SPACE_BOUNDS"), (["k": .int(10)], "E_SPACE_BOUNDS"),
        (["o": .string("top")], "E_SPACE_BOUNDS"),
        (["x": .double(4), "k": .int(3)], "E_SPACE_CONSTRAINT"),
    ])
    func `a point that the space does not have is refused`(point: [String: ParameterValue], code: String) {
        let error = #expect(throws: SearchError.self) { try space.check(partial: point) }
        #expect(error?.code == code)
    }

    @Test func `an ordinal parameter lies on a line`() {
        let axis = Axis(.ordinal([.int(5), .int(10), .int(60), .int(250)]))
        #expect(axis.coordinate(of: .int(60)) == 2)
        #expect(axis.value(at: 0.6) == .int(10))
        #expect(axis.value(atShare: 0.99) == .int(250))
        #expect(axis.cell(at: 1).low == 0.5)
        let (low, high) = axis.limits(aroundShare: 0.4)
        #expect(abs(low - 0.25) < 1e-15 && abs(high - 0.5) < 1e-15)
    }
}
