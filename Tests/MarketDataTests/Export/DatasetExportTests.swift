import Testing

@testable import MarketData

@Suite struct DatasetExportTests {
    private func text(_ dataset: Dataset, _ format: DatasetExport.Format) -> String {
        String(decoding: DatasetExport.bytes(of: dataset, as: format), as: UTF8.self)
    }

    @Test func `one series without a name of its own is written in the Yahoo layout`() throws {
        let dataset = try Dataset(series: [sampleBars(ImportOptions.defaultSymbol, count: 2)])
        #expect(
            text(dataset, .csv) == """
                Date,Open,High,Low,Close,Adj Close,Volume
                1997-05-19,99.5,101,99,100,50,100000
                1997-05-20,100.5,102,100,101,50.5,101000

                """)
        #expect(
            text(dataset, .jsonl) == """
                {"date":"1997-05-19","open":99.5,"high":101,"low":99,"close":100,"adjClose":50,"volume":100000}
                {"date":"1997-05-20","open":100.5,"high":102,"low":100,"close":101,"adjClose":50.5,"volume":101000}

                """)
    }

    @Test(arguments: DatasetExport.Format.allCases)
    func `what was exported imports to the same hash`(format: DatasetExport.Format) throws {
        let odd = try Bars(
            symbol: "ODD", time: [-1, 0, 1], open: [.leastNonzeroMagnitude, 0.1, 1e22],
            high: [.leastNonzeroMagnitude, 1 / 3, 1.7976931348623157e308],
            low: [.leastNonzeroMagnitude, 0.1, 1], close: [.leastNonzeroMagnitude, 0.30000000000000004, 123456789.12345679],
            adjustedClose: [1e-5, 1e16, 1e15],
            volume: [0, 9_007_199_254_740_992, 1e300])
        let dataset = try Dataset(series: [
            odd, sampleBars("BBB"), SyntheticMarket(seed: 2, symbols: ["S"], bars: 300, decimals: 6).generate().series[0],
        ])
        let imported = try DatasetImport.bytes(DatasetExport.bytes(of: dataset, as: format))
        #expect(imported.dataset.series == dataset.series)
        #expect(imported.dataset.sha256 == dataset.sha256)
    }

    @Test func `a file holds what the bytes hold`() throws {
        try withFolder { folder in
            let dataset = try SyntheticMarket(seed: 2, bars: 3000).generate()
            try DatasetExport.write(dataset, to: folder + "/x.jsonl", as: .jsonl)
            #expect(try DatasetImport.file(folder + "/x.jsonl").dataset == dataset)
        }
    }
}
