import Backtest
import MarketData
import Search
import Specs
import Testing

/// What sweeps, stress tests, certifications and nested studies may say.
@Suite struct KindSpecTests {
    static let sweep = """
        job: sweep
        name: s
        dataset: spx-daily
        strategy: {rule: {kind: movingAverageCross, fast: {int: [2, 5]}, slow: {int: [4, 6]}}}
        constraints: ["rule.fast < rule.slow"]
        objective: {maximize: totalReturn}
        keep: 5
        """
    static let stress = """
        job: stress
        name: s
        dataset: spx-daily
        strategy: {rule: {kind: buyAndHold}}
        shocks: [{crash: {magnitude: 0.5, bars: 10}}, {gaps: {every: 5}}, {drought: {}}]
        draws: 3
        seed: 4
        drawdownLimit: 0.3
        """
    static let certify = """
        job: certify
        name: c
        dataset: spx-daily
        strategy: {rule: {expression: long when close > sma_20}}
        trials: 25
        seed: 4
        """
    static let nested = """
        job: nested
        name: n
        dataset: spx-daily
        strategy: {rule: {kind: movingAverageCross, fast: {int: [2, 5]}, slow: 20}}
        walkForward: {kind: expanding, unit: quarters, train: 8, test: 1, embargo: 2}
        inner: {train: 252, test: 63}
        search: {sampler: random, trials: 4, seed: 1}
        objective: {maximize: sharpe}
        """

    static let folds = """
        job: crossValidate
        name: f
        dataset: spx-daily
        strategy: {features: [return_1], label: {forwardReturn: 5}, model: {kind: ridge}}
        folds: {folds: 6, testFolds: 2, embargo: 3}
        """

    @Test(arguments: [sweep, stress, certify, nested, folds])
    func `every kind reads back from its canonical form, with its dataset pinned or not`(text: String) throws {
        let spec = try JobSpec.parse(text: text)
        #expect(try JobSpec.parse(text: spec.canonicalJSON()) == spec)
        let hash = String(repeating: "0123456789abcdef", count: 4)
        let pinned = spec.pinned(toDataset: hash)
        #expect(pinned.dataset == DatasetReference(name: "spx-daily", sha256: hash))
        #expect(try JobSpec.parse(text: pinned.canonicalJSON()) == pinned)
        #expect(text.hasPrefix("job: \(spec.kind.rawValue)\n"))
    }

    @Test func `a sweep's combinations are those of its grid, in blocks that cover it once`() throws {
        guard case .sweep(let sweep) = try JobSpec.parse(text: Self.sweep).body else { throw SpecSamples.Unexpected() }
        #expect(sweep.size == 12 && sweep.measure == .totalReturn && sweep.keep == 5)
        let rules = (0..<12).map(sweep.rule(at:))
        // Fast 2 to 5 by slow 4 to 6, fast below slow.
        #expect(rules.count { $0 != nil } == 3 + 3 + 2 + 1)
        #expect(rules[0] == .movingAverageCross(fast: 2, slow: 4, short: false) && rules[6] == nil)
        #expect(sweep.parameters(at: 5) == ["rule.fast": .int(3), "rule.slow": .int(6)])
        for (low, high) in [(2, 3), (2, 99), (2, 1_003), (2, 5_000)] {
            let text = Self.sweep.replacing("{int: [2, 5]}", with: "{int: [\(low), \(high)]}")
                .replacing("{int: [4, 6]}", with: "{int: [2, 1000]}").replacing("[\"rule.fast < rule.slow\"]", with: "[]")
            guard case .sweep(let grid) = try JobSpec.parse(text: text).body else { throw SpecSamples.Unexpected() }
            #expect(grid.size == (high - low + 1) * 999)
            var next = 0
            for block in 0..<grid.blocks {
                let range = grid.combinations(ofBlock: block)
                #expect(range.lowerBound == next && !range.isEmpty)
                next = range.upperBound
            }
            #expect(next == grid.size)
            // A million combinations are a few hundred tasks.
            #expect(grid.size < 1_000_000 || grid.size > 2_000_000 || grid.blocks < 500)
        }
    }

    @Test func `shocks have the numbers of the usual suite unless they are given`() throws {
        guard case .stress(let stress) = try JobSpec.parse(text: Self.stress).body else { throw SpecSamples.Unexpected() }
        #expect(
            stress.shocks == [
                .crash(magnitude: 0.5, bars: 10, recovery: 120), .gaps(size: 0.05, every: 5), .drought(volume: 0.1, spread: 5),
            ])
        #expect(stress.scenarios.map(\.draw) == [0, 1, 2, 0, 1, 2, 0])
        let usual = try JobSpec.parse(text: Self.stress.replacing(/shocks: .*\n/, with: ""))
        guard case .stress(let suite) = usual.body else { throw SpecSamples.Unexpected() }
        #expect(suite.shocks == Shock.suite)
    }

    @Test func `a nested study has windows of the calendar outside and of bars inside`() throws {
        guard case .nested(let nested) = try JobSpec.parse(text: Self.nested).body else { throw SpecSamples.Unexpected() }
        #expect(nested.study.walkForward == WalkForward(kind: .expanding, train: 8, test: 1, embargo: 2, unit: .quarters))
        #expect(nested.inner == WalkForward(train: 252, test: 63))
    }

    static let bad: [(String, String, String, String, Int, Int, String)] = [
        (sweep, "keep: 5", "keep: 0", "E_SPEC_RANGE", 7, 7, "/keep"),
        (sweep, "keep: 5", "kep: 5", "E_SPEC_UNKNOWN_KEY", 7, 1, "/kep"),
        (sweep, "totalReturn", "sortino", "E_SPEC_RANGE", 6, 23, "/objective/maximize"),
        (sweep, "totalReturn", "totalRetur", "E_SPEC_RANGE", 6, 23, "/objective/maximize"),
        (sweep, "rule.fast < rule.slow", "rule.fast < rule.slo", "E_SPACE_CONSTRAINT", 5, 14, "/constraints"),
        (sweep, "{int: [4, 6]}", "{int: [4, 10000]}", "", 0, 0, ""),
        (
            sweep, "strategy: {rule: {kind: movingAverageCross, fast: {int: [2, 5]}, slow: {int: [4, 6]}}}",
            "strategy: {rule: {kind: rsiReversion, lower: {float: [10, 40]}}}", "E_SPACE_STEP", 4, 46, "/strategy/rule/lower"
        ),
        (
            sweep, "strategy: {rule: {kind: movingAverageCross, fast: {int: [2, 5]}, slow: {int: [4, 6]}}}",
            "strategy: {rule: {kind: movingAverageCross, fast: 2, slow: 5}}", "E_SPACE_EMPTY", 4, 11, "/strategy"
        ),
        (
            sweep, "strategy: {rule: {kind: movingAverageCross, fast: {int: [2, 5]}, slow: {int: [4, 6]}}}",
            "strategy: {rule: {expression: long when close > 5}}", "E_SWEEP_STRATEGY", 4, 11, "/strategy"
        ),
        (stress, "magnitude: 0.5", "magnitude: 1.5", "E_STRESS_SHOCK", 5, 18, "/shocks/0/crash"),
        (stress, "magnitude: 0.5", "magnitud: 0.5", "E_SPEC_UNKNOWN_KEY", 5, 19, "/shocks/0/crash/magnitud"),
        (stress, "bars: 10", "bars: 1.5", "E_SPEC_TYPE", 5, 41, "/shocks/0/crash/bars"),
        (stress, "crash:", "crush:", "E_SPEC_UNKNOWN_KEY", 5, 11, "/shocks/0/crush"),
        (stress, "draws: 3", "draws: 0", "E_SPEC_RANGE", 6, 8, "/draws"),
        (stress, "drawdownLimit: 0.3", "drawdownLimit: 3", "E_SPEC_RANGE", 8, 16, "/drawdownLimit"),
        (certify, "trials: 25", "trials: 0", "E_SPEC_RANGE", 5, 9, "/trials"),
        (certify, "seed: 4", "seed: -4", "E_SPEC_RANGE", 6, 7, "/seed"),
        (nested, "unit: quarters", "unit: quarter", "E_SPEC_RANGE", 5, 38, "/walkForward/unit"),
        (nested, "unit: quarters", "unit: quarters, anchor: 6FRI", "E_SPEC_TYPE", 5, 56, "/walkForward/anchor"),
        (nested, "unit: quarters", "anchor: 3FRI", "E_WINDOW_CALENDAR", 5, 40, "/walkForward/anchor"),
        (nested, "inner: {train: 252, test: 63}\n", "", "E_SPEC_MISSING", 1, 1, "/inner"),
        (nested, "train: 252", "train: 0", "E_WINDOW_TRAIN", 6, 16, "/inner/train"),
        (nested, "kind: expanding, unit: quarters, train: 8", "train: 300", "E_WINDOW_LENGTH", 6, 8, "/inner"),
        (folds, "testFolds: 2", "testFolds: 6", "E_WINDOW_FOLDS", 5, 16, "/folds/folds"),
        (folds, "testFolds: 2", "testFolds: 2, purge: 4", "E_WINDOW_PURGE", 5, 40, "/folds/purge"),
        (folds, "embargo: 3", "embargo: -1", "E_WINDOW_EMBARGO", 5, 42, "/folds/embargo"),
        (folds, "folds: 6, testFolds: 2", "folds: 40, testFolds: 20", "E_WINDOW_COUNT", 5, 31, "/folds/testFolds"),
        (folds, "embargo: 3}", "embargo: 3}\nwalkForward: {train: 5, test: 5}", "E_SPEC_UNKNOWN_KEY", 6, 1, "/walkForward"),
        (nested, "objective:", "then: {register: {model: m}}\nobjective:", "E_SPEC_UNKNOWN_KEY", 8, 1, "/then"),
    ]

    @Test(arguments: bad)
    func `bad values are refused with their place`(
        text: String, piece: String, replacement: String, code: String, line: Int, column: Int, key: String
    ) throws {
        #expect(text.contains(piece))
        let changed = text.replacing(piece, with: replacement)
        guard !code.isEmpty else {
            #expect(throws: Never.self) { try JobSpec.parse(text: changed) }
            return
        }
        SpecSamples.expect(changed, code, at: line, column, key: key)
        #expect(SpecSamples.errors(changed).allSatisfy { $0.hint != nil || $0.message.contains("from") })
    }

    @Test func `windows can be given one by one, and only so`() throws {
        let text = SpecSamples.study(
            "{train: 500, test: 63}", "{windows: [{train: [0, 50], test: [55, 80]}, {train: [20, 60], test: [70, 90]}]}")
        let spec = try JobSpec.parse(text: text)
        let windows = [
            try Window(index: 0, train: 0..<50, test: 55..<80), try Window(index: 1, train: 20..<60, test: 70..<90),
        ]
        #expect(spec.walkForward == WalkForward(listed: windows, purge: 5))
        #expect(try JobSpec.parse(text: spec.canonicalJSON()) == spec)
        let refusals: [(String, String, String, Int, String)] = [
            ("[55, 80]", "[54, 80]", "E_WINDOW_PURGE", 25, "/walkForward/windows/0"),
            ("[55, 80]", "[40, 80]", "E_WINDOW_ORDER", 25, "/walkForward/windows/0"),
            ("[55, 80]", "[80, 55]", "E_SPEC_TYPE", 48, "/walkForward/windows/0/test"),
            ("[55, 80]", "[55]", "E_SPEC_TYPE", 48, "/walkForward/windows/0/test"),
            ("[55, 80]", "[-5, 80]", "E_SPEC_RANGE", 49, "/walkForward/windows/0/test/0"),
            ("{windows:", "{kind: fixed, windows:", "E_SPEC_RANGE", 21, "/walkForward/kind"),
            ("{windows:", "{step: 5, windows:", "E_SPEC_UNKNOWN_KEY", 15, "/walkForward/step"),
        ]
        for (piece, replacement, code, column, key) in refusals {
            SpecSamples.expect(text.replacing(piece, with: replacement), code, at: 9, column, key: key)
        }
    }

    @Test func `a job that takes no window from others says so, and only one with windows can`() throws {
        #expect(try JobSpec.parse(text: SpecSamples.study).usesCache)
        let spec = try JobSpec.parse(text: SpecSamples.study + "\ncache: false")
        #expect(!spec.usesCache)
        #expect(try JobSpec.parse(text: spec.canonicalJSON()) == spec)
        SpecSamples.expect(SpecSamples.study + "\ncache: 1", "E_SPEC_TYPE", at: 12, 8, key: "/cache")
        SpecSamples.expect(Self.certify + "\ncache: true", "E_SPEC_UNKNOWN_KEY", at: 7, 1, key: "/cache")
    }

    @Test func `what windows depend on is the dataset, the costs and the limits, and not how they are searched`() throws {
        let context = try JobSpec.parse(text: SpecSamples.study).windowContext
        for (piece, replacement, isSame) in [
            ("name: small", "name: other", true), ("trials: 20", "trials: 30", true), ("train: 500", "train: 400", true),
            ("l2: {float: [0.001, 100.0], log: true}", "l2: 1", true), ("maximize: sharpe", "minimize: volatility", true),
            ("dataset: spx-daily", "dataset: {name: spx-daily, sha256: \(String(repeating: "ab", count: 32))}", false),
            ("search:", "costs: {commission: 0.001}\nsearch:", false), ("search:", "limits: {stopLoss: 0.1}\nsearch:", false),
        ] {
            let other = try JobSpec.parse(text: SpecSamples.study(piece, replacement)).windowContext
            #expect((other == context) == isSame, "\(replacement)")
        }
        #expect(try JobSpec.parse(text: SpecSamples.drill).windowContext == nil)
    }

    @Test func `a grid beyond all limits is refused before it is counted`() {
        let text = Self.sweep.replacing("{int: [4, 6]}", with: "{int: [2, 10000]}").replacing(
            "{int: [2, 5]}", with: "{int: [1, 5000]}"
        ).replacing("slow:", with: "short: {choice: [0, 1]}, slow:")
        #expect(throws: Never.self) { try JobSpec.parse(text: text) }
        let breakout = """
            job: sweep
            name: s
            dataset: d
            strategy: {rule: {kind: rsiReversion, period: {int: [2, 1000]}, lower: {int: [0, 40]}, upper: {int: [60, 100]}, exit: {float: [0, 100], step: 0.001}}}
            """
        SpecSamples.expect(breakout, "E_SPACE_TOO_LARGE", at: 4, 11, key: "/strategy")
    }
}
