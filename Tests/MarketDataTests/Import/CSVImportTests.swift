import Diagnostics
import Testing

@testable import MarketData

@Suite struct CSVImportTests {
    private let header = "Date,Open,High,Low,Close,Adj Close,Volume\n"

    @Test func `the Yahoo layout is read`() throws {
        let imported = try importText(header + "1/4/1999,10.5,12,10,11.25,5.5,1000\n12/31/1999,11,12.5,10.5,12,6,2e3\n")
        let bars = try #require(imported.dataset.series.first)
        #expect(bars.symbol == "series")
        #expect(bars.time == [915_408_000_000, 946_598_400_000])
        #expect(bars.open == [10.5, 11])
        #expect(bars.high == [12, 12.5])
        #expect(bars.low == [10, 10.5])
        #expect(bars.close == [11.25, 12])
        #expect(bars.adjustedClose == [5.5, 6])
        #expect(bars.volume == [1000, 2000])
        #expect(imported.report.rows == 2)
        #expect(imported.report.hasAdjustedClose && imported.report.hasVolume)
        #expect(imported.report.firstTime == 915_408_000_000)
        #expect(imported.report.lastTime == 946_598_400_000)
    }

    @Test func `the same rows in any layout have the same hash`() throws {
        let reference = try importText(header + "1/4/1999,10.5,12,10,11.25,11.25,1000\n1/5/1999,11,12.5,10.5,12,12,2000\n")
        let layouts: [[String]] = [
            [
                "Date,Open,High,Low,Close,Adj Close,Volume\r", "1/4/1999,10.5,12,10,11.25,11.25,1000\r",
                "1/5/1999,11,12.5,10.5,12,12,2000\r", "",
            ],
            [
                "\u{FEFF}date;volume;CLOSE;low;High;open", "1999-01-04;1000;11.25;10;12;10.5",
                "1999-01-05;2000;12;10.5;12.5;11",
            ],
            [
                "timestamp\topen\thigh\tlow\tclose\tvolume", "915408000\t10.50\t12.0\t1e1\t11.25\t1000.0",
                "915494400\t11\t12.5\t10.5\t12\t2000",
            ],
            [
                "Time,Open,High,Low,Close,Volume,Dividends", "915408000000,10.5,12,10,11.25,1000,0",
                "915494400000,11,12.5,10.5,12,2000,",
            ],
            ["ts,o,h,l,c,v", "915408000000000000,10.5,12,10,11.25,1000", "915494400000000000,11,12.5,10.5,12,2000"],
            ["ts,o,h,l,c,v", "915408000000000,10.5,12,10,11.25,1000", "915494400000000,11,12.5,10.5,12,2000"],
            ["Date,Open,High,Low,Close,Volume", "19990104,10.5,12,10,11.25,1000", "19990105,11,12.5,10.5,12,2000"],
            [
                "\"Date\",\"Open\",\"High\",\"Low\",\"Close\",\"Vol\"",
                "\"1999-01-04\", \"10.5\" ,12 , 10,\"11.25\",1000", "", "1999-01-05,11,12.5,10.5,12,2000", "",
            ],
            [
                "datetime,open,high,low,close,volume", "1999-01-04T00:00:00Z,10.5,12,10,11.25,1000",
                "1999-01-05 00:00:00+00:00,11,12.5,10.5,12,2000",
            ],
            [
                "datetime,open,high,low,close,volume", "1999-01-03T19:00:00-05:00,10.5,12,10,11.25,1000",
                "1999-01-04T19:00-0500,11,12.5,10.5,12,2000",
            ],
            [
                "Ticker,Date,Open,High,Low,Close,Volume", "series,1999-01-04,10.5,12,10,11.25,1000",
                "series,1999-01-05,11,12.5,10.5,12,2000",
            ],
            [
                #"{"date":"1999-01-04","open":10.5,"high":12,"low":10,"close":11.25,"volume":1000}"#,
                #"{"date":"1999-01-05","open":11,"high":12.5,"low":10.5,"close":12,"volume":2000}"#,
            ],
        ]
        for layout in layouts {
            let imported = try importText(layout.joined(separator: "\n"))
            #expect(imported.dataset.sha256 == reference.dataset.sha256, "\(layout)")
        }
    }

    @Test func `a symbol column makes one series a symbol`() throws {
        let imported = try importText(
            """
            Symbol,Date,Open,High,Low,Close
            BBB,1999-01-04,1,1,1,1
            AAA,1999-01-04,2,2,2,2
            BBB,1999-01-05,3,3,3,3
            AAA,1999-01-06,4,4,4,4
            AAA,1999-01-07,5,5,5,5
            """)
        #expect(imported.dataset.series.map(\.symbol) == ["AAA", "BBB"])
        #expect(imported.dataset.series.map(\.close) == [[2, 4, 5], [1, 3]])
        #expect(imported.dataset.series[0].volume == [0, 0, 0])
        #expect(imported.report.series == 2)
        #expect(imported.report.rows == 5)
        #expect(!imported.report.hasAdjustedClose && !imported.report.hasVolume)
    }

    @Test func `columns that are not used are named`() throws {
        let imported = try importText("Date,Open,High,Low,Close,Dividends,VWAP\n1999-01-04,1,1,1,1,x,\"a,b\"\n")
        #expect(imported.report.ignoredColumns == ["Dividends", "VWAP"])
    }

    @Test func `a file larger than the buffer is read in one piece`() throws {
        let dataset = try SyntheticMarket(seed: 1, symbols: ["AAA", "BBB"], bars: 16_500).generate()
        let text = DatasetExport.bytes(of: dataset, as: .csv)
        #expect(text.count > LineReader.bufferSize * 3 / 2)
        try withFolder { folder in
            try DatasetExport.write(dataset, to: folder + "/x.csv", as: .csv)
            let imported = try DatasetImport.file(folder + "/x.csv")
            #expect(imported.dataset.sha256 == dataset.sha256)
            #expect(imported.report.rows == 33_000)
        }
    }

    @Test func `sorting and keeping duplicates follow the policies`() throws {
        let text = "Date,Open,High,Low,Close\n1999-01-06,3,3,3,3\n1999-01-04,1,1,1,1\n1999-01-05,2,2,2,2\n1999-01-04,9,9,9,9\n"
        func close(_ duplicates: ImportOptions.DuplicatePolicy) throws -> [Double]? {
            try importText(text, ImportOptions(order: .sort, duplicates: duplicates)).dataset.series.first?.close
        }
        #expect(try close(.keepFirst) == [1, 2, 3])
        #expect(try close(.keepLast) == [9, 2, 3])
        #expect(failure { try close(.refuse) }?.code == "E_DUPLICATE_TIME")
        #expect(try importText(text, ImportOptions(order: .sort, duplicates: .keepLast)).report.duplicatesDropped == 1)
    }

    @Test func `a named unit and mixed offsets are taken when allowed`() throws {
        let early = "t,o,h,l,c\n86400,1,1,1,1\n172800,1,1,1,1\n"
        #expect(try importText(early, ImportOptions(timeUnit: .seconds)).dataset.firstTime == 86_400_000)
        let nano = "t,o,h,l,c\n-1,1,1,1,1\n"
        #expect(try importText(nano, ImportOptions(timeUnit: .nanoseconds)).dataset.firstTime == -1)
        let summer = "t,o,h,l,c\n2020-03-06T16:00:00-05:00,1,1,1,1\n2020-03-09T16:00:00-04:00,1,1,1,1\n"
        let times = try importText(summer, ImportOptions(allowsMixedOffsets: true)).dataset.series[0].time
        #expect(times.map(ISOTime.string) == ["2020-03-06T21:00:00Z", "2020-03-09T20:00:00Z"])
        let fraction = "t,o,h,l,c\n2020-03-06T16:00:00.1239Z,1,1,1,1\n"
        #expect(try importText(fraction).dataset.firstTime % 1000 == 123)
    }
}
