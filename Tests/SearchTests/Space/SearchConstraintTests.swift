import Search
import Testing

@Suite struct SearchConstraintTests {
    @Test func `a condition is a comparison of sums`() throws {
        let values = ["fast": 5.0, "slow": 20, "a.b_2": 0.001]
        for (text, expected) in [
            ("fast < slow", true), ("slow<fast", false), ("fast <= 5", true), ("fast < 5", false), ("2*fast + 10 >= slow", true),
            ("2 * fast + 10 > slow", false), ("-1*fast + slow >= 1.5e1", true), ("slow - fast - 15 > 0", false),
            ("a.b_2 >= 1e-3", true), ("1e-4 + a.b_2 < 2e-3", true), ("- fast < 0", true), ("fast - fast <= 0", true),
        ] {
            #expect(try SearchConstraint(parsing: text).holds { values[$0] } == expected, "\(text)")
        }
        #expect(try SearchConstraint(parsing: "slow > 2*fast").parameters == ["fast", "slow"])
        #expect(try !SearchConstraint(parsing: "fast < other").holds { values[$0] })
    }

    @Test(arguments: [
        "", "fast", "fast = slow", "fast < ", "< slow", "fast < slow < 3", "fast << slow", "1 < 2", "fast * slow < 3",
        "fast + + slow < 1", "2 fast < 3", "fast < slow; exit", "2*3*fast < 1", "1e999*fast < 1", "fast < slow <= 4",
    ])
    func `anything else is refused with a hint`(text: String) {
        let error = #expect(throws: SearchError.self) { try SearchConstraint(parsing: text) }
        #expect(error?.code == "E_SPACE_CONSTRAINT")
        #expect(error?.hint != nil)
    }

    private let parameters: [SearchSpace.Parameter] = [
        .init(name: "fast", distribution: .int(low: 2, high: 60)), .init(name: "slow", distribution: .int(low: 10, high: 80)),
        .init(name: "w", distribution: .float(low: 0, high: 1)),
        .init(name: "c", distribution: .categorical([.string("a"), .string("b")])),
    ]

    @Test(arguments: SamplerKind.allCases.filter { $0 != .grid })
    func `every trial keeps the conditions, and the best still gets found`(kind: SamplerKind) throws {
        let space = try SearchSpace(
            parameters, constraints: [.init(parsing: "fast < slow"), .init(parsing: "fast + 50*w >= 20")])
        var study = Study(
            space: space, sampler: kind.sampler, trials: kind.testedTrials, seed: 2, parallelTrials: 2, direction: .minimize)
        while let trial = study.next() {
            let values = try space.ordered(trial.parameters)
            let (fast, slow, w) = (values[0].number ?? 0, values[1].number ?? 0, values[2].number ?? 0)
            #expect(fast < slow && fast + 50 * w >= 20)
            study.tell(trial.number, .value(abs(fast - 30) + abs(slow - 32) + w))
        }
        #expect((study.best?.value ?? .infinity) < 25)
    }

    @Test func `conditions that cannot be met or speak of nothing known are refused`() throws {
        let cases = [
            ("fast > 1000", "E_SPACE_EMPTY"), ("quick < slow", "E_SPACE_CONSTRAINT"), ("c < 3", "E_SPACE_CONSTRAINT"),
        ]
        for (text, code) in cases {
            let constraint = try SearchConstraint(parsing: text)
            let error = #expect(throws: SearchError.self) { try SearchSpace(parameters, constraints: [constraint]) }
            #expect(error?.code == code, "\(text)")
        }
    }

    @Test func `a record that breaks a condition does not resume`() throws {
        let space = try SearchSpace(parameters, constraints: [.init(parsing: "fast < slow")])
        let error = #expect(throws: SearchError.self) {
            try space.ordered(["fast": .int(40), "slow": .int(20), "w": .double(0), "c": .string("a")])
        }
        #expect(error?.code == "E_SPACE_CONSTRAINT")
    }
}
