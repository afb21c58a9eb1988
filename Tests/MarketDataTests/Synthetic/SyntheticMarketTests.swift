import Diagnostics
import Foundation
import Testing

@testable import MarketData

@Suite struct SyntheticMarketTests {
    @Test func `a seed has the same bytes everywhere`() throws {
        let market = try SyntheticMarket(seed: 42).generate()
        #expect(market.sha256 == "70173767fbd6204f3847fb3cd1a0b95ed244623a50b21e20a701960bca8bcfd8")
        let other = try SyntheticMarket(
            seed: 7, symbols: ["X"], bars: 500, start: #require(CivilDate(year: 2015, month: 6, day: 1)), decimals: 2,
            correlation: 0.3,
            annualVolatility: 0.4, annualJumps: 10, shift: RegimeShift(fromBar: 250, drift: -1, volatility: 2)
        ).generate()
        #expect(other.sha256 == "17dfddbc5d7ef3350d39f1ae414c3115ad9462863b754c6b97e0578a7d3d8924")
        #expect(try SyntheticMarket(seed: 43).generate().sha256 != market.sha256)
    }

    @Test func `bars are on business days, on ticks and possible`() throws {
        let market = try SyntheticMarket(seed: 1, symbols: ["A", "B"], bars: 3000, decimals: 2).generate()
        #expect(market.series.map(\.count) == [3000, 3000])
        for bars in market.series {
            for i in bars.time.indices {
                #expect(ISOTime.date(bars.time[i]).weekday <= 5 && ISOTime.isMidnight(bars.time[i]))
                for price in [bars.open[i], bars.high[i], bars.low[i], bars.close[i]] {
                    #expect(price == (price * 100).rounded() / 100)
                }
                #expect(bars.volume[i] == bars.volume[i].rounded() && bars.volume[i] > 0)
            }
        }
        #expect(ISOTime.string(market.firstTime) == "2000-01-03")
    }

    @Test func `a symbol does not depend on those after it, and a shift on nothing before it`() throws {
        let one = try SyntheticMarket(seed: 5, symbols: ["A"], bars: 400).generate().series[0]
        let three = try SyntheticMarket(seed: 5, symbols: ["A", "B", "C"], bars: 400).generate().series[0]
        #expect(one == three)
        let shift = RegimeShift(fromBar: 200, drift: 3, volatility: 3)
        let shifted = try SyntheticMarket(seed: 5, symbols: ["A"], bars: 400, shift: shift).generate().series[0]
        #expect(shifted[0..<200] == one[0..<200])
        #expect(shifted[200..<201] != one[200..<201])
    }

    // MARK: Habits of a real market

    private func returns(_ bars: Bars) -> [Double] {
        zip(bars.close.dropFirst(), bars.close).map { Foundation.log($0 / $1) }
    }

    private func correlation(_ a: [Double], _ b: [Double]) -> Double {
        let n = Double(a.count)
        let (ma, mb) = (a.reduce(0, +) / n, b.reduce(0, +) / n)
        let cross = zip(a, b).reduce(0) { $0 + ($1.0 - ma) * ($1.1 - mb) }
        let va = a.reduce(0) { $0 + ($1 - ma) * ($1 - ma) }
        let vb = b.reduce(0) { $0 + ($1 - mb) * ($1 - mb) }
        return cross / (va * vb).squareRoot()
    }

    @Test(arguments: [UInt64(1), 2, 3, 42])
    func `returns have fat tails, clustering volatility and no memory of sign`(seed: UInt64) throws {
        let market = try SyntheticMarket(seed: seed, bars: 8000).generate()
        for bars in market.series {
            let returns = returns(bars)
            let mean = returns.reduce(0, +) / Double(returns.count)
            let variance = returns.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(returns.count)
            let fourth = returns.reduce(0) { $0 + Foundation.pow($1 - mean, 4) } / Double(returns.count)
            #expect(fourth / (variance * variance) > 4)
            let squares = returns.map { $0 * $0 }
            for lag in [1, 5, 10] {
                #expect(correlation(Array(squares.dropFirst(lag)), Array(squares.dropLast(lag))) > 0.05)
            }
            #expect(abs(correlation(Array(returns.dropFirst()), Array(returns.dropLast()))) < 0.08)
            let annual = (variance * 252).squareRoot()
            #expect(annual > 0.12 && annual < 0.40)
        }
    }

    @Test func `symbols move together as much as was asked for`() throws {
        for (asked, range) in [(0.0, -0.1...0.1), (0.5, 0.35...0.7), (0.9, 0.75...0.97)] {
            let market = try SyntheticMarket(seed: 11, symbols: ["A", "B"], bars: 8000, correlation: asked, annualJumps: 0)
                .generate()
            let found = correlation(returns(market.series[0]), returns(market.series[1]))
            #expect(range.contains(found), "\(asked): \(found)")
        }
    }

    @Test func `a shift of volatility shows in the returns after it`() throws {
        let shift = RegimeShift(fromBar: 2000, volatility: 3)
        let market = try SyntheticMarket(seed: 4, symbols: ["A"], bars: 4000, shift: shift).generate()
        let calm = try SyntheticMarket(seed: 4, symbols: ["A"], bars: 4000).generate()
        func late(_ dataset: Dataset) -> Double {
            let late = returns(dataset.series[0])[2000...]
            return (late.reduce(0) { $0 + $1 * $1 } / Double(late.count)).squareRoot()
        }
        #expect(late(market) > 2.4 * late(calm))
    }

    @Test func `prices stay within bounds over very long series`() throws {
        let market = try SyntheticMarket(seed: 8, symbols: ["A"], bars: 60_000, annualVolatility: 1.5).generate()
        #expect(market.series[0].low.allSatisfy { $0 >= 0.4 } && market.series[0].high.allSatisfy { $0 <= 300_000 })
    }

    @Test func `options outside their limits are refused`() throws {
        func error(_ change: (inout SyntheticMarket) -> Void) -> MarketDataError? {
            var market = SyntheticMarket(seed: 1, bars: 10)
            change(&market)
            return failure { try market.generate() }
        }
        #expect(error { _ in } == nil)
        #expect(error { $0.symbols = [] }?.place == .key("/symbols"))
        #expect(error { $0.symbols = ["A", "A"] }?.code == "E_SCHEMA")
        #expect(error { $0.symbols = ["a b"] }?.code == "E_NAME")
        for bars in [0, -1, .max, .min] { #expect(error { $0.bars = bars }?.place == .key("/bars")) }
        for decimals in [-1, 7, .max] { #expect(error { $0.decimals = decimals }?.place == .key("/decimals")) }
        for correlation in [-0.1, 1, .nan, .infinity] { #expect(error { $0.correlation = correlation }?.code == "E_SYNTHETIC") }
        for volatility in [0, -1, 3, .nan] { #expect(error { $0.annualVolatility = volatility }?.code == "E_SYNTHETIC") }
        for jumps in [-1, 51, .nan] { #expect(error { $0.annualJumps = jumps }?.code == "E_SYNTHETIC") }
        #expect(error { $0.shift = RegimeShift(fromBar: -1) }?.place == .key("/shift"))
        #expect(error { $0.shift = RegimeShift(fromBar: 0, volatility: 0) }?.code == "E_SYNTHETIC")
        #expect(error { $0.shift = RegimeShift(fromBar: 0, drift: .nan) }?.code == "E_SYNTHETIC")
        #expect(error { $0.start = CivilDate(daysSince1970: .max) }?.place == .key("/start"))
    }
}
