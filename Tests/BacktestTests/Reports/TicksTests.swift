import Foundation
import MarketData
import Testing

@testable import Backtest

@Suite struct TicksTests {
    @Test(arguments: [
        (0.0, 1.0, [0, 0.2, 0.4, 0.6, 0.8, 1.0], 1), (-0.237, 0, [-0.2, -0.15, -0.1, -0.05, 0], 2),
        (0, 486, [0, 100, 200, 300, 400], 0),
        (-0.62, 0.7, [-0.6, -0.4, -0.2, 0, 0.2, 0.4, 0.6], 1), (3, 3.004, [3, 3.001, 3.002, 3.003, 3.004], 3),
    ])
    func `ticks are round and within the axis`(low: Double, high: Double, expected: [Double], decimals: Int) {
        let ticks = Ticks(low, high, count: 5)
        #expect(ticks.values.count == expected.count)
        for (value, wanted) in zip(ticks.values, expected) { #expect(abs(value - wanted) < 1e-12) }
        #expect(ticks.decimals == decimals)
    }

    @Test func `axes without a length have no ticks`() {
        for (low, high) in [
            (1.0, 1.0), (2, 1), (.nan, 1), (0, .infinity), (-.infinity, .infinity), (1e20, 1e20 + 1e5), (0, 1e300),
        ] {
            #expect(Ticks(low, high, count: 5).values.isEmpty)
            let range = Ticks.rounded(low.isFinite ? low : 0, high.isFinite ? high : 1, count: 5)
            #expect(range.lowerBound <= range.upperBound)
        }
    }

    private func marks(_ first: String, _ last: String, _ count: Int) throws -> [String] {
        func time(_ text: String) throws -> Int64 {
            let parts = text.split(separator: "-").compactMap { Int($0) }
            return Int64(try #require(CivilDate(year: parts[0], month: parts[1], day: parts[2])).daysSince1970) * 86_400_000
        }
        return DateTicks(try time(first), try time(last), count: count).marks.map(\.label)
    }

    @Test func `dates are marked at years, months or days`() throws {
        #expect(try marks("2002-01-23", "2018-10-25", 8) == ["2004", "2006", "2008", "2010", "2012", "2014", "2016", "2018"])
        #expect(try marks("2001-01-01", "2001-12-31", 6) == ["2001-01", "2001-04", "2001-07", "2001-10"])
        #expect(
            try marks("2001-01-05", "2001-01-09", 5) == ["2001-01-05", "2001-01-06", "2001-01-07", "2001-01-08", "2001-01-09"])
        #expect(try marks("2001-01-05", "2001-01-05", 5) == ["2001-01-05"])
        #expect(try marks("0002-01-01", "9998-01-01", 5).count <= 10)
    }

    @Test func `a histogram counts every finite value once, at round edges`() throws {
        let histogram = try #require(Histogram([-0.011, -0.001, 0.001, 0.0015, 0.02, .nan, .infinity], bins: 30))
        #expect(histogram.width == 0.001 && histogram.counts.reduce(0, +) == 5)
        #expect(abs(histogram.edges(0).low + 0.011) < 1e-12 && histogram.highest == 2)
        #expect(Histogram([.nan], bins: 3) == nil && Histogram([], bins: 3) == nil)
        #expect(try #require(Histogram([0.5, 0.5], bins: 10)).counts == [2])
    }
}
