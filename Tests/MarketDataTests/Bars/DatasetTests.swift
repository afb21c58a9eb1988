import Diagnostics
import Testing

@testable import MarketData

@Suite struct DatasetTests {
    @Test func `the hash is that of the documented canonical content`() throws {
        let b = try Bars(
            symbol: "BBB", time: [-86_400_000, 0], open: [1.5, 1.75], high: [2, 1.75], low: [1.25, 1.75], close: [1.75, 1.75],
            adjustedClose: [1.7, 1.75], volume: [-0.0, 10])
        let a = try Bars(
            symbol: "AAA", time: [946_684_800_000], open: [0.1], high: [0.3], low: [0.1], close: [0.2], adjustedClose: [0.2],
            volume: [1e6])
        let dataset = try Dataset(series: [b, a])
        #expect(dataset.sha256 == (try Reference.load().small))
        #expect(dataset.series.map(\.symbol) == ["AAA", "BBB"])
        // Bars of the calendar: no two of the series are of one time.
        #expect(dataset.rows == 3 && dataset.calendar == [-86_400_000, 0, 946_684_800_000])
        #expect(Dataset.places(of: b.time, on: dataset.calendar) == [0, 1])
        #expect(Dataset.places(of: a.time, on: dataset.calendar) == [2])
        #expect(Dataset.places(of: dataset.calendar, on: dataset.calendar) == nil)
        #expect(Dataset.calendar(of: []) == [] && Dataset.calendar(of: [[1, 2], [1, 2]]) == [1, 2])
        #expect(dataset.totalRows == 3)
        #expect(dataset.firstTime == -86_400_000)
        #expect(dataset.lastTime == 946_684_800_000)
        #expect(dataset.series[1].volume[0].sign == .plus)
        #expect(dataset.bars(of: "BBB")?.count == 2)
        #expect(dataset.bars(of: "CCC") == nil)
    }

    @Test func `any change of content changes the hash`() throws {
        let hash = try Dataset(series: [sampleBars()]).sha256
        #expect(try Dataset(series: [sampleBars("AAB")]).sha256 != hash)
        #expect(try Dataset(series: [sampleBars(count: 4)]).sha256 != hash)
        #expect(try Dataset(series: [sampleBars(firstDay: 10_001)]).sha256 != hash)
        #expect(try Dataset(series: [sampleBars(), sampleBars("B")]).sha256 != hash)
        #expect(try Dataset(series: [sampleBars()]).sha256 == hash)
    }

    @Test func `series that break a rule are refused with row and column`() throws {
        func dataset(
            symbol: String = "A", time: [Int64] = [1, 2], open: Double = 2, high: Double = 3, low: Double = 1, close: Double = 2,
            adjusted: Double = 2, volume: Double = 0
        ) -> MarketDataError? {
            failure {
                try Dataset(series: [
                    Bars(
                        symbol: symbol, time: time, open: [2, open], high: [3, high], low: [1, low], close: [2, close],
                        adjustedClose: [2, adjusted], volume: [0, volume])
                ])
            }
        }
        #expect(dataset() == nil)
        #expect(dataset(time: [2, 2])?.code == "E_DUPLICATE_TIME")
        #expect(dataset(time: [2, 1])?.code == "E_UNSORTED")
        #expect(dataset(time: [2, .max])?.code == "E_TIME_FORMAT")
        #expect(dataset(open: .nan)?.code == "E_NUMBER")
        #expect(dataset(high: .infinity)?.code == "E_NUMBER")
        #expect(dataset(volume: .nan)?.code == "E_NUMBER")
        #expect(dataset(open: 4)?.place == .row(file: "A", row: 2, column: "open"))
        #expect(dataset(close: 0.5)?.code == "E_OHLC_INVARIANT")
        #expect(dataset(high: 0.5)?.place == .row(file: "A", row: 2, column: "high"))
        #expect(dataset(low: 0)?.place == .row(file: "A", row: 2, column: "low"))
        #expect(dataset(adjusted: -1)?.place == .row(file: "A", row: 2, column: "adjusted close"))
        #expect(dataset(volume: -1)?.place == .row(file: "A", row: 2, column: "volume"))
        #expect(dataset(symbol: "=cmd")?.code == "E_NAME")
        #expect(failure { try Dataset(series: []) }?.code == "E_CSV_EMPTY")
        #expect(failure { try Dataset(series: [sampleBars(count: 0)]) }?.code == "E_CSV_EMPTY")
        #expect(failure { try Dataset(series: [sampleBars(), sampleBars()]) }?.code == "E_SCHEMA")
    }

    @Test(arguments: ["", " A", "A B", "a,b", "a;b", "\"", "é", "+A", "-A", "@A", "a\u{0}", String(repeating: "A", count: 65)])
    func `symbols that are unsafe in text are refused`(symbol: String) {
        #expect(failure { try Symbol.check(symbol) }?.code == "E_NAME")
    }

    @Test(arguments: ["A", "^GSPC", "BRK.B", "EURUSD=X", "BTC-USD", "ES_F", String(repeating: "A", count: 64)])
    func `usual symbols are allowed`(symbol: String) {
        #expect(failure { try Symbol.check(symbol) } == nil)
    }
}
