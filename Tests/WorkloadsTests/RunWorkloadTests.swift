import Backtest
import Cluster
import MarketData
import Statistics
import SwiftProtobuf
import Testing
import Wire

@Suite struct RunWorkloadTests {
    private func run(
        _ fixture: Fixture, scenario: Int32 = 0, range: Range<Int>? = nil, parameters: String = "{}", brief: Bool = false
    ) throws -> ProtoStitchResult {
        try fixture.run(
            .run(
                .with {
                    $0.parameters = parameters
                    $0.range = .bars(range ?? 0..<fixture.dataset.rows)
                    $0.scenario = scenario
                    $0.brief = brief
                })
        ).stitch
    }

    @Test func `the market as it was gives the run of the rule, a shock that of the shocked market`() throws {
        let fixture = try Fixture(
            kind: "stress",
            "strategy: \(Fixture.rule20)\nshocks: [{volatility: {multiplier: 3}}, {crash: {magnitude: 0.6}}]\ndraws: 2\nseed: 9")
        let prices = try PricedBars(fixture.dataset.series[0])
        let rule = RuleStrategy.movingAverageCross(fast: 5, slow: 20, short: true)
        let base = try Engine.run(prices, targets: rule.targets(bars: prices.bars))
        #expect(try run(fixture).returns == base.returns)
        #expect(try run(fixture).metrics["recovered"] == base.recoveredShare)
        let shocks: [(Shock, UInt64)] = [
            (.volatility(multiplier: 3), 0), (.crash(magnitude: 0.6, bars: 20, recovery: 120), 0),
            (.crash(magnitude: 0.6, bars: 20, recovery: 120), 1),
        ]
        var all: [[Double]] = []
        for (place, (shock, draw)) in shocks.enumerated() {
            let (market, costs) = try shock.applied(to: [prices], costs: .none, seed: Seed.derive(9, draw))
            let shocked = try Engine.run(market[0], targets: rule.targets(bars: market[0].bars), costs: costs)
            #expect(try run(fixture, scenario: Int32(place + 1)).returns == shocked.returns)
            all.append(shocked.returns)
        }
        #expect(Set(all).count == 3)
        for scenario: Int32 in [4, .max] {
            #expect(WorkerTask.code { _ = try run(fixture, scenario: scenario) } == "E_TASK_KIND")
        }
    }

    @Test func `a model is fitted anew in every window, as its windows and their stitch would do it`() throws {
        let plan = "walkForward: {train: 200, test: 50}\ncosts: {commission: 0.001, slippage: 0.0005}"
        let fixture = try Fixture(kind: "stress", "strategy: \(Fixture.ridge)\n\(plan)")
        let parts = try Fixture(kind: "backtest", "strategy: \(Fixture.ridge)\n\(plan)")
        // The purge is the label's two bars.
        let tests = [202..<252, 252..<302, 302..<352]
        let stitch = try parts.run(
            .stitch(
                .with {
                    $0.range = .bars(202..<352)
                    $0.windows = try tests.map { try parts.window(train: ($0.lowerBound - 202)..<($0.lowerBound - 2), test: $0) }
                    $0.tests = tests.map(ProtoBarRange.bars)
                })
        ).stitch
        let whole = try run(fixture)
        #expect(whole.returns == stitch.returns && whole.range == stitch.range && whole.times == stitch.times)
    }

    @Test func `a trial inside a train range sees nothing after it`() throws {
        let text = """
            strategy: {rule: {kind: movingAverageCross, fast: {int: [2, 9]}, slow: 20, short: 1}}
            walkForward: {train: 200, test: 50}
            inner: {train: 80, test: 40}
            search: {sampler: random, trials: 3, seed: 3}
            objective: {maximize: sharpe}
            """
        let long = try Fixture(kind: "nested", text)
        let past = try Dataset(series: long.dataset.series.map { $0.slice(0..<250) })
        let short = try Fixture(kind: "nested", text, dataset: past)
        let first = try run(long, range: 50..<250, parameters: Fixture.ruleParameters)
        #expect(first.range == .bars(130..<250) && first.returns.count == 120)
        #expect(try run(long, range: 50..<250, parameters: Fixture.ruleParameters, brief: true).metrics == first.metrics)
        #expect(try run(long, range: 50..<250, parameters: Fixture.ruleParameters, brief: true).returns.isEmpty)
        #expect(try run(short, range: 50..<250, parameters: Fixture.ruleParameters).returns == first.returns)
        #expect(WorkerTask.code { _ = try run(long, range: 50..<100, parameters: Fixture.ruleParameters) } == "E_WINDOW_LENGTH")
        #expect(WorkerTask.code { _ = try run(long, range: 0..<401, parameters: Fixture.ruleParameters) } == "E_WINDOW_RANGE")
    }
}
