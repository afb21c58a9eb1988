import Backtest
import MarketData
import Search
import Specs
import Testing

@Suite struct StrategySpecTests {
    private func study(_ text: String) throws -> StudySpec {
        guard case .study(let study) = try JobSpec.parse(text: text).body else { throw SpecSamples.Unexpected() }
        return study
    }

    @Test func `the search space has the dotted names of the ranges, in a fixed order`() throws {
        let study = try study(SpecSamples.study("forwardReturn: 5", "forwardReturn: {choice: [1, 5]}"))
        let space = try study.searchSpace()
        #expect(space.parameters.map(\.name) == ["label.forwardReturn", "model.l2", "position.threshold"])
        #expect(space.parameters[0].distribution == .categorical([.int(1), .int(5)]))
        #expect(space.parameters[1].distribution == .float(low: 0.001, high: 100, log: true))
        #expect(study.strategy.largestHorizon == 5)
        #expect(study.walkForward == WalkForward(train: 500, test: 63, step: 63, purge: 5, embargo: 0))
    }

    @Test func `a trial's values decide every number, and the canonical form reads back`() throws {
        let strategy = try study(SpecSamples.study).strategy
        let resolved = try strategy.resolved(["model.l2": .double(0.1), "position.threshold": .double(0.25)])
        guard case .model(let model) = resolved.body else { throw SpecSamples.Unexpected() }
        #expect(model.features.map(\.description) == ["return_1", "rsi_14"])
        #expect(model.horizon == 5)
        #expect(model.kind == .ridge)
        #expect(model.l2 == 0.1)
        #expect(model.position == .sign(threshold: 0.25, size: 1))
        #expect(
            resolved.canonicalJSON
                == #"{"features":["return_1","rsi_14"],"label":{"forwardReturn":5},"model":{"kind":"ridge","l2":0.1},"position":{"kind":"sign","size":1.0,"threshold":0.25}}"#
        )
        #expect(try ResolvedStrategy(json: resolved.canonicalJSON) == resolved)
    }

    @Test func `whole numbers that JSON made of doubles, and the other way round, are taken`() throws {
        let strategy = try study(SpecSamples.study).strategy
        #expect(
            try strategy.resolved(["model.l2": .int(1), "position.threshold": .int(0)])
                == strategy.resolved(["model.l2": .double(1), "position.threshold": .double(0)]))
    }

    @Test func `values that are missing, unknown or outside are refused`() throws {
        let strategy = try study(SpecSamples.study).strategy
        let bad: [[String: ParameterValue]] = [
            [:], ["model.l2": .double(1)], ["model.l2": .double(1), "position.threshold": .double(0.6)],
            ["model.l2": .double(.nan), "position.threshold": .double(0.1)],
            ["model.l2": .string("1"), "position.threshold": .double(0.1)],
            ["model.l2": .double(1), "position.threshold": .double(0.1), "model.l3": .double(1)],
        ]
        for values in bad {
            let error = #expect(throws: SpecErrors.self) { try strategy.resolved(values) }
            #expect(error?.code == "E_SPACE_BOUNDS", "\(values)")
        }
    }

    @Test func `a rule's parameters that do not go together fail the trial`() throws {
        let rule = """
            job: study
            name: r
            dataset: d
            strategy: {rule: {kind: movingAverageCross, fast: {int: [5, 50]}, slow: {int: [20, 100]}}}
            walkForward: {train: 100, test: 100}
            search: {trials: 5}
            objective: {maximize: sharpe}
            """
        let strategy = try study(rule).strategy
        let good = try strategy.resolved(["rule.fast": .int(10), "rule.slow": .int(20)])
        #expect(good.body == .rule(.movingAverageCross(fast: 10, slow: 20, short: false)))
        #expect(good.canonicalJSON == #"{"rule":{"fast":10,"kind":"movingAverageCross","short":0,"slow":20}}"#)
        #expect(try ResolvedStrategy(json: good.canonicalJSON) == good)
        let error = #expect(throws: SpecErrors.self) { try strategy.resolved(["rule.fast": .int(50), "rule.slow": .int(20)]) }
        #expect(error?.code == "E_STRATEGY_PARAMETER")
        #expect(error?.errors.first?.pointer == "/rule/fast")
    }

    @Test func `an int range for a number of any kind becomes steps of one`() throws {
        let study = try study(SpecSamples.study("l2: {float: [0.001, 100.0], log: true}", "l2: {int: [1, 9], step: 2}"))
        #expect(try study.searchSpace().parameters[0].distribution == .float(low: 1, high: 9, step: 2))
    }

    @Test(arguments: [
        "", "{", "[]", "{\"rule\":{\"kind\":\"nothing\"}}",
        "{\"rule\":{\"kind\":\"movingAverageCross\",\"fast\":{\"int\":[1,2]},\"slow\":9}}",
    ])
    func `a text that is no resolved strategy is refused`(json: String) {
        #expect(throws: SpecErrors.self) { try ResolvedStrategy(json: json) }
    }

    @Test func `every rule and position rule can be written in a spec`() throws {
        for kind in PositionRule.kinds {
            let text = SpecSamples.study("{kind: sign, threshold: {float: [0.0, 0.5]}}", "{kind: \(kind)}")
            let resolved = try study(text).strategy.resolved(["model.l2": .double(1)])
            guard case .model(let model) = resolved.body else { throw SpecSamples.Unexpected() }
            #expect(try model.position == PositionRule(kind: kind))
        }
        for kind in RuleStrategy.kinds {
            let numbers = kind == "movingAverageCross" ? ", fast: 5, slow: 9" : ""
            let spec = try JobSpec.parse(text: "job: backtest\nname: b\ndataset: d\nstrategy: {rule: {kind: \(kind)\(numbers)}}")
            #expect(try JobSpec.parse(text: spec.canonicalJSON()) == spec)
        }
    }

    @Test func `a rule can be written out, on one line or on several`() throws {
        let head = "job: backtest\nname: b\ndataset: d\n"
        let block =
            head
            + "strategy:\n  rule:\n    expression:\n      - long when rsi_14 < 30 and close > sma_200\n      - exit when rsi_14 > 55\n"
        let line = head + "strategy: {rule: {expression: \"long when rsi_14 < 30 and close > sma_200; exit when rsi_14 > 55\"}}"
        for text in [block, line] {
            let spec = try JobSpec.parse(text: text)
            guard case .backtest(let backtest) = spec.body, case .rule(.text(let rule)) = backtest.strategy.body else {
                throw SpecSamples.Unexpected()
            }
            #expect(rule.lookback == 199)
            #expect(try JobSpec.parse(text: spec.canonicalJSON()) == spec)
            #expect(try ResolvedStrategy(json: backtest.strategy.canonicalJSON) == backtest.strategy)
        }
        let wrong = #expect(throws: SpecErrors.self) {
            try JobSpec.parse(text: head + "strategy: {rule: {expression: \"long when rsj_14 < 30\"}}")
        }
        #expect(wrong?.code == "E_RULE_NAME")
    }

    @Test func `every sizing can be written in a spec, and what is wrong with one is named`() throws {
        let head = "job: backtest\nname: b\ndataset: d\nstrategy: {rule: {kind: buyAndHold}}\n"
        let written: [(String, Sizing)] = [
            ("{kind: fixed, size: 0.1}", Sizing(.fixed(size: 0.1))), ("{kind: fixed}", .shares),
            ("{kind: equal, rebalance: 21}", Sizing(.equal, rebalance: 21)),
            ("{kind: volatility}", Sizing(.volatility(target: 0.1, window: 60))),
            ("{kind: volatility, target: 0.2, window: 20}", Sizing(.volatility(target: 0.2, window: 20))),
            ("{kind: kelly, fraction: 0.25, window: 250, cap: 0.2}", Sizing(.kelly(fraction: 0.25, window: 250, cap: 0.2))),
        ]
        for (text, sizing) in written {
            let spec = try JobSpec.parse(text: head + "sizing: \(text)\nlimits: {maxGross: 1.5}")
            guard case .backtest(let backtest) = spec.body else { throw SpecSamples.Unexpected() }
            #expect(backtest.sizing == sizing && backtest.limits.maxGross == 1.5)
            #expect(try JobSpec.parse(text: spec.canonicalJSON()) == spec)
        }
        let wrong: [(String, String, String)] = [
            ("sizing: {kind: parity}", "E_SPEC_RANGE", "/sizing/kind"), ("sizing: {size: 1}", "E_SPEC_MISSING", "/sizing/kind"),
            ("sizing: {kind: equal, size: 1}", "E_SPEC_UNKNOWN_KEY", "/sizing/size"),
            ("sizing: {kind: fixed, size: 5}", "E_SIZING_RANGE", "/sizing/size"),
            ("sizing: {kind: fixed, size: much}", "E_SPEC_TYPE", "/sizing/size"),
            ("sizing: {kind: volatility, window: 1}", "E_SPEC_RANGE", "/sizing/window"),
            ("sizing: {kind: volatility, target: -1}", "E_SIZING_RANGE", "/sizing/target"),
            ("sizing: {kind: kelly, fraction: 2}", "E_SIZING_RANGE", "/sizing/fraction"),
            ("sizing: {kind: kelly, cap: 0}", "E_SIZING_RANGE", "/sizing/cap"),
            ("sizing: {kind: equal, rebalance: 0}", "E_SPEC_RANGE", "/sizing/rebalance"), ("sizing: 3", "E_SPEC_TYPE", "/sizing"),
            ("limits: {maxGross: 4.5}", "E_LIMITS_RANGE", "/limits/maxGross"),
        ]
        for (text, code, key) in wrong {
            let refused = #expect(throws: SpecErrors.self) { try JobSpec.parse(text: head + text) }
            let error = try #require(refused?.errors.first)
            #expect(error.code == code && error.pointer == key, "\(text): \(error)")
            #expect(code == "E_SPEC_RANGE" || code == "E_SPEC_TYPE" || error.hint != nil, "\(text): \(error)")
        }
    }

    @Test func `instruments are read by symbol, and wrong steps are named`() throws {
        let head = "job: backtest\nname: b\ndataset: d\nstrategy: {rule: {kind: buyAndHold}}\n"
        let spec = try JobSpec.parse(text: head + "instruments: {default: {tick: 0.01}, ES: {tick: 0.25, lot: 50}}")
        guard case .backtest(let backtest) = spec.body else { throw SpecSamples.Unexpected() }
        let table = backtest.instruments
        #expect(table == Instruments(standard: Instrument(tick: 0.01), bySymbol: ["ES": Instrument(tick: 0.25, lot: 50)]))
        #expect(try JobSpec.parse(text: spec.canonicalJSON()) == spec)
        #expect(try table.all(of: ["A", "ES"]) == [Instrument(tick: 0.01), Instrument(tick: 0.25, lot: 50)])
        #expect(try Instruments.none.all(of: ["A"]) == nil)
        #expect(throws: BacktestError.self) { try table.all(of: ["A"]) }
        #expect(throws: BacktestError.self) { try Instruments(bySymbol: ["A": Instrument(tick: 1)]).all(of: ["A", "B"]) }
        let wrong: [(String, String, String)] = [
            ("{}", "E_SPEC_TYPE", "/instruments"), ("{ES: {lot: 1}}", "E_SPEC_MISSING", "/instruments/ES/tick"),
            ("{ES: {tick: 0}}", "E_INSTRUMENT", "/instruments/ES/tick"),
            ("{ES: {tick: a}}", "E_SPEC_TYPE", "/instruments/ES/tick"),
            ("{ES: {tick: 1, lot: 0.0000001}}", "E_INSTRUMENT", "/instruments/ES/lot"),
            ("{ES: {tick: 1, size: 2}}", "E_SPEC_UNKNOWN_KEY", "/instruments/ES/size"), ("3", "E_SPEC_TYPE", "/instruments"),
        ]
        for (text, code, key) in wrong {
            let refused = #expect(throws: SpecErrors.self) { try JobSpec.parse(text: head + "instruments: \(text)") }
            let error = try #require(refused?.errors.first)
            #expect(error.code == code && error.pointer == key, "\(text): \(error)")
        }
    }

    @Test func `every cost and limit can be written in a spec, and a wrong one is named`() throws {
        let head = "job: backtest\nname: b\ndataset: d\nstrategy: {rule: {kind: buyAndHold}}\n"
        let spec = try JobSpec.parse(
            text: head + "costs: {commission: 0.001, perShare: 0.01, minimum: 1, spread: 0.001, rootImpact: 0.1, borrow: 0.03}\n"
                + "limits: {maxPosition: 2, maintenanceMargin: 0.25, participation: 0.1}")
        guard case .backtest(let backtest) = spec.body else { throw SpecSamples.Unexpected() }
        #expect(
            backtest.costs
                == Costs(commission: 0.001, perShare: 0.01, minimum: 1, spread: 0.001, rootImpact: 0.1, borrow: 0.03))
        #expect(backtest.limits == Limits(maxPosition: 2, maintenanceMargin: 0.25, participation: 0.1))
        #expect(try JobSpec.parse(text: spec.canonicalJSON()) == spec)
        let wrong = #expect(throws: SpecErrors.self) { try JobSpec.parse(text: head + "costs: {borrow: -1}") }
        #expect(wrong?.code == "E_COSTS_RANGE")
    }
}
