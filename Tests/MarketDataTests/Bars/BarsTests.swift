import Diagnostics
import Testing

@testable import MarketData

@Suite struct BarsTests {
    @Test func `columns of different lengths are refused`() throws {
        let error = failure {
            try Bars(
                symbol: "A", time: [1, 2], open: [1, 1], high: [1, 1], low: [1, 1], close: [1], adjustedClose: [1, 1],
                volume: [0, 0])
        }
        #expect(error?.code == "E_BARS_SHAPE")
        #expect(error?.place == .key("/close"))
    }

    @Test func `a slice keeps the bars of its range`() throws {
        let bars = try sampleBars(count: 6)
        let slice = bars[2..<5]
        #expect(slice.count == 3)
        #expect(slice.close == [102, 103, 104])
        #expect(slice.time == Array(bars.time[2..<5]))
        #expect(slice.symbol == "AAA")
        #expect(bars.slice(0..<0).count == 0)
        #expect(bars.slice(0..<6) == bars)
    }

    @Test func `adjusting scales all prices by the bar's own factor`() throws {
        let bars = try sampleBars()
        let adjusted = bars.adjusted()
        #expect(adjusted.close == bars.adjustedClose)
        #expect(adjusted.open == bars.open.map { $0 * 0.5 })
        #expect(adjusted.high == bars.high.map { $0 * 0.5 })
        #expect(adjusted.low == bars.low.map { $0 * 0.5 })
        #expect(adjusted.volume == bars.volume)
        #expect(adjusted.adjusted() == adjusted)
    }

    @Test func `an adjusted bar keeps its bounds whatever the rounding`() throws {
        let close = (1...1000).map { Double($0) / 7 }
        let bars = try Bars(
            symbol: "A", time: (1...1000).map { Int64($0) }, open: close, high: close, low: close, close: close,
            adjustedClose: close.map { $0 * 0.937 }, volume: close)
        _ = try Dataset(series: [bars.adjusted()])
    }
}

@Suite struct ClippedBarsTests {
    @Test func `reads keep the indices of the whole series`() throws {
        let bars = try sampleBars(count: 10)
        let clipped = try ClippedBars(bars, readable: 3..<7)
        #expect(try clipped.read(3..<7) == bars[3..<7])
        #expect(try clipped.read(4..<5).close == [104])
        #expect(clipped.readable == 3..<7)
    }

    @Test(arguments: [2..<5, 3..<8, 0..<1, 7..<8, 9..<10, -5..<4, 3..<1000])
    func `a read outside is refused as look-ahead`(range: Range<Int>) throws {
        let clipped = try ClippedBars(sampleBars(count: 10), readable: 3..<7)
        let error = failure { try clipped.read(range) }
        #expect(error?.code == "E_LOOK_AHEAD")
        #expect(error?.category == .refused)
        #expect(failure { try clipped.clipped(to: range) }?.code == "E_LOOK_AHEAD")
    }

    @Test func `a handle cannot be opened beyond the series and can only be narrowed`() throws {
        #expect(failure { try ClippedBars(sampleBars(count: 5), readable: 0..<6) }?.code == "E_LOOK_AHEAD")
        #expect(failure { try ClippedBars(sampleBars(count: 5), readable: -1..<3) }?.code == "E_LOOK_AHEAD")
        let narrow = try ClippedBars(sampleBars(count: 10), readable: 1..<9).clipped(to: 2..<4)
        #expect(try narrow.read(2..<4).close == [102, 103])
        #expect(failure { try narrow.read(1..<3) }?.code == "E_LOOK_AHEAD")
    }
}
