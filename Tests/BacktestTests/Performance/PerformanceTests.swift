import Backtest
import Diagnostics
import Foundation
import Statistics
import TestSupport
import Testing

@Suite struct PerformanceTests {
    /// The S&P 500's simple returns of adjusted close and the dates of the closes, one more than the returns.
    private func index() throws -> (returns: [Double], dates: [String])? {
        guard let path = SharedData.file("spx-daily.csv") else { return nil }
        let rows = try String(contentsOfFile: path, encoding: .utf8).split(whereSeparator: \.isNewline).dropFirst()
        let fields = rows.map { $0.split(separator: ",") }
        let closes = fields.compactMap { Double($0[5]) }
        return (zip(closes.dropFirst(), closes).map { $0 / $1 - 1 }, fields.map { String($0[0]) })
    }

    @Test func `the S&P 500 has its golden values, and seeded returns those of empyrical`() throws {
        let reference = try Reference.load()
        let seeded = try Performance(returns: reference.returns)
        #expect(reference.metrics.count == 14)
        for (name, value) in reference.metrics {
            let found = try #require(seeded[MetricName(named: name)])
            #expect(abs(found - value) < 1e-12 * max(1, abs(value)), "\(name)")
        }
        guard let (returns, dates) = try index() else { return }
        let performance = try Performance(returns: returns)
        let golden: [(MetricName, Double)] = [
            (.totalReturn, 1.0412426895), (.annualReturn, 0.0363955433), (.volatility, 0.1909820714), (.sharpe, 0.2827392290),
            (.sortino, 0.3986140299), (.maxDrawdown, -0.5677538775), (.calmar, 0.0641044381), (.valueAtRisk95, 0.0186433297),
            (.conditionalValueAtRisk95, 0.0286290732), (.skew, -0.02048293), (.kurtosis, 11.33611791), (.drawdownBars, 1803),
            (.periods, 5030),
        ]
        for (metric, value) in golden {
            // Half a unit of the last digit given is 5e-11 for ten decimals, 5e-9 for eight.
            let tolerance = metric == .skew || metric == .kurtosis ? 5e-9 : 1e-10
            #expect(abs(try #require(performance[metric]) - value) < tolerance, "\(metric)")
        }
        let deepest = try #require(performance.deepestDrawdown), longest = try #require(performance.longestDrawdown)
        #expect(dates[deepest.peak + 1] == "10/9/2007" && dates[deepest.trough + 1] == "3/9/2009")
        #expect(dates[longest.peak + 1] == "3/24/2000" && dates[longest.end + 1] == "5/30/2007")
        #expect(longest.bars == 1803 && !longest.isOpen)
        let probability = SharpeInference.probabilistic(
            sharpe: performance.sharpePerPeriod, skew: performance.skew, kurtosis: performance.kurtosis, periods: 5030)
        #expect(abs(probability - 0.89658321) < 5e-9)
        // SciPy gives 1.263193236.
        #expect(abs(TTest.oneSample(returns).statistic - 1.263193236) < 1e-9)
        #expect(abs(NeweyWest.test(returns, lags: 10).statistic - 1.48312522) < 5e-9)
    }

    @Test func `a first loss counts as a drawdown from the start`() throws {
        let performance = try Performance(returns: [-0.1, 0.05, 0.02])
        let drawdown = try #require(performance.deepestDrawdown)
        #expect(abs(performance.maxDrawdown + 0.1) < 1e-15)
        #expect(drawdown.peak == -1 && drawdown.trough == 0 && drawdown.isOpen && drawdown.bars == 3 && drawdown.end == 2)
    }

    @Test func `a drawdown lasts from the peak to the first bar back at it`() throws {
        // Wealth 2, 1, 1.5, 2, 1.9, 1.8 ...: back after 3 bars, then open for 2.
        let performance = try Performance(returns: [1, -0.5, 0.5, 1.0 / 3, -0.05, -1.0 / 19])
        let deepest = try #require(performance.deepestDrawdown), longest = try #require(performance.longestDrawdown)
        #expect(deepest == longest)
        #expect(deepest.depth == -0.5 && deepest.peak == 0 && deepest.trough == 1 && deepest.recovery == 3 && deepest.bars == 3)
        let open = try Performance(returns: [0.5, -0.2, -0.1, -0.1, 0.01])
        #expect(open.longestDrawdown?.bars == 4 && open.longestDrawdown?.isOpen == true && open.longestDrawdown?.recovery == nil)
        #expect(open.deepestDrawdown?.trough == 3)
    }

    @Test func `ratios without a denominator are NaN`() throws {
        let rising = try Performance(returns: [0.01, 0.01, 0.01, 0.01])
        #expect(rising.sharpe.isNaN && rising.sortino.isNaN && rising.calmar.isNaN && rising.skew.isNaN && rising.kurtosis.isNaN)
        #expect(rising.volatility == 0 && rising.maxDrawdown == 0 && rising.deepestDrawdown == nil)
        #expect(rising.metrics.first { $0.name == "drawdownBars" }?.value == 0)
        #expect(rising.winRate.isNaN && rising.profitFactor.isNaN && rising.trades.average.isNaN)
        let flat = try Performance(returns: [0, 0, 0])
        #expect(flat.totalReturn == 0 && flat.annualReturn == 0 && flat.sharpe.isNaN)
        let none = try Performance(returns: [])
        #expect(
            none.totalReturn == 0 && none.annualReturn.isNaN && none.valueAtRisk95.isNaN && none.conditionalValueAtRisk95.isNaN)
        let one = try Performance(returns: [-0.02])
        #expect(one.sharpe.isNaN && one.valueAtRisk95 == 0.02 && abs(one.conditionalValueAtRisk95 - 0.02) < 1e-17)
    }

    @Test func `lost wealth stays lost`() throws {
        let ruined = try Performance(returns: [0.1, -1.2, 0.5, -2])
        #expect(abs(ruined.totalReturn + 1.22) < 1e-15 && ruined.annualReturn == -1)
        #expect(abs(ruined.maxDrawdown + 1.2) < 1e-15)
    }

    @Test func `trades give win rate, profit factor and average, zero counting as no win`() throws {
        func trade(_ pnl: Double) -> Trade {
            Trade(
                symbol: "X", entryIndex: 0, exitIndex: 1, entryTime: 0, exitTime: 1, side: .long, entryPrice: 1, exitPrice: 1,
                shares: 1, commission: 0, pnl: pnl, return: pnl, exitReason: .target)
        }
        let performance = try Performance(returns: [0.01, 0.02], trades: [30, -10, 0, 20, -15].map(trade))
        #expect(
            performance.trades.count == 5 && performance.winRate == 0.4 && performance.profitFactor == 2
                && performance.trades.average == 5)
        #expect(try Performance(returns: [], trades: [trade(1)]).profitFactor.isNaN)
        // Two wins of 25 and two losses of 12.5 on average: 0.4 - 0.6 / 2.
        #expect(abs(performance.kelly - 0.1) < 1e-15)
        let growth = TradeStatistics([trade(0.5), trade(-0.2)])
        #expect(growth.averageReturn == 0.15 && abs(growth.geometricReturn - (1.2.squareRoot() - 1)) < 1e-15)
        // The mean is 0.15 and the deviation of two values their distance over √2.
        #expect(abs(growth.systemQuality - 2.0.squareRoot() * 0.15 / (0.7 / 2.0.squareRoot())) < 1e-14)
        #expect(TradeStatistics([trade(-1), trade(3)]).geometricReturn == -1 && TradeStatistics([]).kelly.isNaN)
    }

    @Test func `a run of the engine adds exposure and turnover`() throws {
        let bars = try Markets.flat([100, 100, 100, 100])
        let result = try Engine.run(bars: bars, targets: [1, 0, 0, 0])
        let performance = try Performance(result, periodsPerYear: 252)
        #expect(performance.exposure == 0.25)
        // Two fills of the whole equity in four bars.
        #expect(abs(try #require(performance.turnover) - 2 * 252 / 4) < 1e-12)
        let plain = try Performance(returns: result.returns)
        #expect(plain.exposure == nil && plain[.turnover] == nil && plain[.drawdownDays] == nil)
        #expect(performance.drawdownDays == 0)
        let falling = try Performance(Engine.run(bars: Markets.flat([100, 100, 90, 95, 101]), targets: [1, 1, 1, 1, 1]))
        // From the second bar, the last at the peak, to the fifth.
        #expect(falling.drawdownDays == 3 && falling.longestDrawdown?.bars == 3)
    }

    @Test func `the CVaR is never below the VaR and takes the last return in part`() throws {
        // k = 1.5: all of the worst and half of the second.
        let returns = [-0.10, -0.04] + [Double](repeating: 0.01, count: 28)
        let performance = try Performance(returns: returns)
        #expect(abs(performance.conditionalValueAtRisk95 - (0.10 + 0.5 * 0.04) / 1.5) < 1e-15)
        #expect(performance.conditionalValueAtRisk95 >= performance.valueAtRisk95)
    }

    @Test func `a return that is no number is refused with its offset`() throws {
        for bad in [Double.nan, .infinity, -.infinity] {
            do {
                _ = try Performance(returns: [0.01, 0.02, bad, bad])
                Issue.record("\(bad) was accepted")
            } catch {
                #expect(error.code == "E_RETURNS_NOT_FINITE" && error.place == .offset(2))
            }
        }
        for periods in [0, -1, .nan, .infinity] {
            #expect(throws: BacktestError.self) { try Performance(returns: [0.1], periodsPerYear: periods) }
        }
    }

    @Test func `monthly returns and a risk-free rate per period change the scale`() throws {
        let returns = [0.02, -0.01, 0.03, 0.01, -0.02, 0.015]
        let monthly = try Performance(returns: returns, periodsPerYear: 12, riskFree: 0.001)
        let mean = returns.reduce(0, +) / 6 - 0.001
        let deviation = (returns.reduce(0) { $0 + ($1 - mean - 0.001) * ($1 - mean - 0.001) } / 5).squareRoot()
        #expect(abs(monthly.sharpe - mean / deviation * 12.0.squareRoot()) < 1e-14)
        #expect(abs(monthly.annualReturn - (pow(1 + monthly.totalReturn, 2) - 1)) < 1e-15)
    }

    @Test func `metrics come by stable names in a stable order`() throws {
        let performance = try Performance(returns: [0.01, -0.02, 0.03])
        #expect(
            performance.metrics.map(\.name) == [
                "totalReturn", "annualReturn", "volatility", "sharpe", "sortino", "calmar", "maxDrawdown", "drawdownBars",
                "winRate",
                "profitFactor", "valueAtRisk95", "conditionalValueAtRisk95", "trades", "skew", "kurtosis", "periods",
                "downsideDeviation", "averageTrade", "sharpePerPeriod", "averageTradeReturn", "geometricTradeReturn",
                "systemQuality",
                "kelly", "stability",
            ])
        #expect(performance.profile.rawValue == "empyrical")
    }

    @Test func `an unknown metric is refused with the name that was meant`() throws {
        #expect(try MetricName(named: "sharpe") == .sharpe)
        do {
            _ = try MetricName(named: "sharp")
            Issue.record("sharp was accepted")
        } catch {
            #expect(error.code == "E_METRIC_UNKNOWN" && error.hint == "did you mean sharpe?")
        }
        do { _ = try MetricName(named: "zzzzzzzzzzzz") } catch { #expect(error.hint?.hasPrefix("one of totalReturn, ") == true) }
        #expect(MetricName.sharpe.isLargerBetter == true && MetricName.maxDrawdown.isLargerBetter == true)
        #expect(MetricName.volatility.isLargerBetter == false && MetricName.trades.isLargerBetter == nil)
        #expect(!MetricName.objectives.contains(.deflatedSharpe) && MetricName.objectives.contains(.calmar))
    }
}
