import Search
import Statistics
import Testing

@Suite struct ParameterConditionTests {
    /// A model of three kinds: trees have a depth, boosted ones a rate too; only a deep tree has a limit on leaves.
    private func space(constraints: [String] = []) throws -> SearchSpace {
        try SearchSpace(
            [
                .init(
                    name: "leaves", distribution: .int(low: 2, high: 64, log: true),
                    when: ParameterCondition(parsing: "depth in [7, 8]")),
                .init(name: "model", distribution: .categorical([.string("ridge"), .string("forest"), .string("gbt")])),
                .init(
                    name: "depth", distribution: .int(low: 2, high: 8),
                    when: ParameterCondition(parsing: "model in [gbt, forest]")),
                .init(
                    name: "rate", distribution: .float(low: 0.001, high: 1, log: true),
                    when: ParameterCondition(parsing: "model == gbt")),
                .init(
                    name: "l2", distribution: .float(low: 0, high: 1), when: ParameterCondition(parsing: "model == 'ridge'")),
            ], constraints: constraints.map { try SearchConstraint(parsing: $0) })
    }

    private func check(_ trial: Trial) {
        let model = trial.parameters["model"]
        let isTree = model == .string("gbt") || model == .string("forest")
        #expect((trial.parameters["depth"] != nil) == isTree)
        #expect((trial.parameters["rate"] != nil) == (model == .string("gbt")))
        #expect((trial.parameters["l2"] != nil) == (model == .string("ridge")))
        #expect((trial.parameters["leaves"] != nil) == ((trial.parameters["depth"]?.number ?? 0) >= 7))
    }

    private func loss(_ trial: Trial) -> Double {
        switch trial.parameters["model"] {
        case .string("ridge"): 2 + abs((trial.parameters["l2"]?.number ?? 9) - 0.3)
        case .string("forest"): 1.5 + abs((trial.parameters["depth"]?.number ?? 99) - 4) / 10
        default:
            abs((trial.parameters["depth"]?.number ?? 99) - 6) / 4 + abs((trial.parameters["rate"]?.number ?? 9) - 0.05) * 5
        }
    }

    @Test(arguments: SamplerKind.allCases.filter { $0 != .grid })
    func `every sampler gives what takes part and nothing else, and resumes`(kind: SamplerKind) throws {
        let space = try space(constraints: ["leaves <= 40"])
        func study() -> Study {
            Study(space: space, sampler: kind.sampler, trials: 80, seed: 3, parallelTrials: 3, direction: .minimize)
        }
        var whole = study()
        while let trial = whole.next() {
            check(trial)
            #expect((trial.parameters["leaves"]?.number ?? 0) <= 40)
            whole.tell(trial.number, trial.number % 9 == 5 ? .failed : .value(loss(trial)))
        }
        #expect((whole.best?.value ?? .infinity) < 0.9)
        var resumed = study()
        for trial in whole.trials.prefix(50) {
            _ = try resumed.resume(parameters: trial.parameters)
            resumed.tell(trial.number, trial.value.map(TrialOutcome.value) ?? .failed)
        }
        while let trial = resumed.next() { resumed.tell(trial.number, trial.number % 9 == 5 ? .failed : .value(loss(trial))) }
        #expect(resumed.trials == whole.trials)
    }

    @Test func `the grouped estimator finds the one branch that pays`() throws {
        let space = try space()
        func best(_ kind: SamplerKind, _ seed: UInt64) -> Double {
            var study = Study(
                space: space, sampler: kind.sampler, trials: 120, seed: seed, parallelTrials: 1, direction: .minimize)
            while let trial = study.next() { study.tell(trial.number, .value(loss(trial))) }
            return study.best?.value ?? .infinity
        }
        let pairs = (0..<7).map { (best(.tpe, UInt64($0)), best(.random, UInt64($0))) }
        #expect(pairs.map(\.0).sorted()[3] < 0.6 * pairs.map(\.1).sorted()[3], "\(pairs)")
    }

    @Test func `a group's densities are those of the trials in which it took part`() throws {
        let space = try space()
        var history = TrialHistory(space: space)
        var generator = SplitMix64(seed: 6)
        var points: [[ParameterValue]] = []
        for _ in 0..<60 {
            points.append(RandomSampler().suggest(trial: points.count, history: history, seed: generator.next()))
            history.open(points[points.count - 1])
        }
        for number in 0..<54 { history.close(loss: Double((number * 17) % 54)) }
        let ranked = (0..<54).sorted { (history.losses[$0], $0) < (history.losses[$1], $1) }
        let good = Set(ranked.prefix(TrialSplit.goodCount(completed: 54)))
        let group = [3]
        let isBoosted = points.map { $0[1] == .string("gbt") }
        func mixture(_ members: [Int]) -> ParzenMixture {
            let column = members.map { history.axes[3].coordinate(of: points[$0][3]) }
            let order = column.indices.sorted { (column[$0], $0) < (column[$1], $1) }.map(Int32.init)
            return ParzenMixture(axes: [history.axes[3]], columns: [column], orders: [order])
        }
        let split = TrialSplit(history)
        let probes = [[-5.0], [-3.0], [-0.5]]
        let members = points.indices.filter { isBoosted[$0] }
        for (own, expected) in [
            (split.good(axes: group), mixture(members.filter(good.contains))),
            (split.rest(axes: group), mixture(members.filter { !good.contains($0) })),
        ] {
            #expect(own.componentCount == expected.componentCount && own.componentCount > 1)
            for (a, b) in zip(own.logDensities(probes), expected.logDensities(probes)) { #expect(abs(a - b) < 1e-9) }
        }
        #expect(space.groups == [[1], [2], [3], [4], [0]])
    }

    @Test func `a grid has each point once`() throws {
        let space = try SearchSpace([
            .init(name: "a", distribution: .int(low: 0, high: 2)),
            .init(name: "b", distribution: .int(low: 0, high: 4), when: ParameterCondition(parsing: "a == 1")),
        ])
        #expect(try GridSampler.size(of: space, limit: 100) == 7)
        var study = Study(space: space, sampler: GridSampler(), trials: 7, seed: 1, direction: .minimize)
        var seen: Set<[String: ParameterValue]> = []
        while let trial = study.next() {
            seen.insert(trial.parameters)
            study.tell(trial.number, .value(0))
        }
        #expect(seen.count == 7)
    }

    @Test func `points read back only with what takes part`() throws {
        let space = try space()
        let ridge: [String: ParameterValue] = ["model": .string("ridge"), "l2": .double(0.5)]
        #expect(space.named(try space.ordered(ridge)) == ridge)
        let extra = ridge.merging(["rate": .double(0.1)]) { first, _ in first }
        #expect(throws: SearchError.self) { try space.ordered(extra) }
        #expect(throws: SearchError.self) { try space.ordered(["model": .string("ridge")]) }
    }

    @Test(arguments: [
        "", "model", "model = gbt", "model == ", "== gbt", "model in gbt", "model in []", "model in [a,]", "2 == 3",
    ])
    func `what is no condition is refused`(text: String) {
        let error = #expect(throws: SearchError.self) { try ParameterCondition(parsing: text) }
        #expect(error?.code == "E_SPACE_CONDITION" && error?.hint != nil)
    }

    @Test func `a condition prints as it is read`() throws {
        for text in ["model == gbt", "n in [1, 2]", "m == 'a b'", "m in ['1', x, 0.5]"] {
            let condition = try ParameterCondition(parsing: text)
            #expect(condition.description == text)
        }
    }

    @Test func `conditions on nothing, on what cannot be, and in a circle are refused`() throws {
        func code(_ first: String, _ second: String?) throws -> String? {
            let parameters: [SearchSpace.Parameter] = [
                .init(name: "a", distribution: .int(low: 0, high: 3), when: try ParameterCondition(parsing: first)),
                .init(
                    name: "b", distribution: .int(low: 0, high: 3), when: try second.map { try ParameterCondition(parsing: $0) }),
                .init(name: "x", distribution: .float(low: 0, high: 3)),
            ]
            do {
                _ = try SearchSpace(parameters)
                return nil
            } catch {
                return error.code
            }
        }
        for (first, second) in [("c == 1", nil), ("b == 9", nil), ("x == 1", nil), ("a == 1", nil), ("b == 1", "a == 1")] {
            #expect(try code(first, second) == "E_SPACE_CONDITION", "\(first)")
        }
        #expect(try code("b == 1", nil) == nil)
    }
}
