import Backtest
import Diagnostics
import Foundation
import MarketData
import Statistics
import Testing

@Suite struct EngineErrorsTests {
    private func code(_ work: () throws -> Void) -> String? {
        do { try work() } catch let error as BacktestError { return error.code } catch { return "\(error)" }
        return nil
    }

    private func bars() throws -> Bars { try Markets.flat([100, 101, 102]) }

    @Test func `costs and limits out of range are refused with their key`() throws {
        for value in [-0.001, 0.11, .nan, .infinity] {
            #expect(throws: BacktestError.self) { try Costs(commission: value).validate() }
            #expect(throws: BacktestError.self) { try Costs(slippage: value).validate() }
        }
        for value in [0, -1, 4.01, .nan, .infinity] {
            #expect(throws: BacktestError.self) { try Limits(maxPosition: value).validate() }
        }
        for value in [0, -0.1, 1.01, .nan] {
            #expect(throws: BacktestError.self) { try Limits(maxDrawdown: value).validate() }
            #expect(throws: BacktestError.self) { try Limits(stopLoss: value).validate() }
        }
        #expect(throws: BacktestError.self) { try Limits(stopLoss: 1).validate() }
        try Limits(maxPosition: 4, maxDrawdown: 1, stopLoss: 0.999).validate()
        do { try Limits(stopLoss: 2).validate() } catch {
            #expect(error.code == "E_LIMITS_RANGE" && error.place == .key("/stopLoss") && error.category == .input)
            #expect(error.under("/limits").place == .key("/limits/stopLoss"))
        }
        #expect(code { _ = try Engine.run(bars: bars(), targets: [0, 0, 0], costs: Costs(commission: 1)) } == "E_COSTS_RANGE")
        #expect(
            code { _ = try Engine.run(bars: bars(), targets: [0, 0, 0], limits: Limits(maxPosition: 0)) } == "E_LIMITS_RANGE")
    }

    @Test func `targets must be one per bar and finite`() throws {
        #expect(code { _ = try Engine.run(bars: bars(), targets: [0, 0]) } == "E_TARGETS_COUNT")
        #expect(code { _ = try Engine.run(bars: bars(), targets: [0, 0, 0, 0]) } == "E_TARGETS_COUNT")
        do { _ = try Engine.run(bars: bars(), targets: [0, .nan, 0]) } catch let error as BacktestError {
            #expect(error.code == "E_TARGET_NOT_FINITE" && error.place == .offset(1))
        }
        #expect(code { _ = try Engine.run(bars: bars(), targets: [0, 0, .infinity]) } == "E_TARGET_NOT_FINITE")
    }

    @Test func `prices and capital must be positive numbers`() throws {
        for price in [0, -1, .nan, .infinity] {
            let bars = try Markets.bars([[100, 100, 100, 100], [100, 100, price, 100]])
            do throws(BacktestError) {
                _ = try Engine.run(bars: bars, targets: [1, 1])
                Issue.record("a low of \(price) was accepted")
            } catch {
                #expect(error.code == "E_BAR_PRICE" && error.place == .row(file: "TEST", row: 2, column: "low"))
            }
        }
        for capital in [0, -1, .nan, .infinity] {
            #expect(code { _ = try Engine.run(bars: bars(), targets: [0, 0, 0], initialCapital: capital) } == "E_CAPITAL")
        }
    }

    @Test func `costs and limits keep their keys in JSON`() throws {
        #expect(Costs.none == Costs(commission: 0, slippage: 0))
        let text = #"{"maxPosition":0.5,"stopLoss":0.1}"#
        let limits = try JSONDecoder().decode(Limits.self, from: Data(text.utf8))
        #expect(limits == Limits(maxPosition: 0.5, stopLoss: 0.1))
    }

    @Test func `extreme prices and targets neither trap nor hang`() throws {
        let extremes = [1e-308, 1e-300, 1e-9, 1, 1e9, 1e150, 1e300, 1.7e308]
        var generator = SplitMix64(seed: 12)
        for _ in 0..<2000 {
            let rows = (0..<12).map { _ in (0..<4).map { _ in extremes[Int(generator.integer(below: 8))] } }
            let targets = (0..<12).map { _ in (generator.uniform() - 0.5) * 1e308 }
            let (costs, limits) = Markets.rules(&generator)
            let result = try Engine.run(bars: Markets.bars(rows), targets: targets, costs: costs, limits: limits)
            #expect(result.returns.count == 12)
            // Whatever came out is either measured or refused.
            if result.returns.allSatisfy(\.isFinite) {
                #expect(try Performance(result).periods == 12)
            } else {
                #expect(code { _ = try Performance(result) } == "E_RETURNS_NOT_FINITE")
            }
        }
    }
}
