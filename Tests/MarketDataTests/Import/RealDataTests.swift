import TestSupport
import Testing

@testable import MarketData

@Suite struct RealDataTests {
    /// The named file, or a synthetic market written in the same layout where the file is missing, with the hash that an
    /// independent program computed or that of the market.
    private func withData(_ name: String, _ expected: (Reference) -> String, _ body: (String, String) throws -> Void) throws {
        if let path = SharedData.file(name) { return try body(path, expected(Reference.load())) }
        let market = try SyntheticMarket(seed: 5, symbols: [ImportOptions.defaultSymbol], bars: 5031).generate()
        try withFolder { folder in
            try DatasetExport.write(market, to: folder + "/x.csv", as: .csv)
            try body(folder + "/x.csv", market.sha256)
        }
    }

    @Test func `the S&P 500 file has the hash of an independent program`() throws {
        try withData("spx-daily.csv", \.spx) { path, expected in
            let imported = try DatasetImport.file(path)
            #expect(imported.dataset.sha256 == expected)
            #expect(imported.report.rows == 5031)
            #expect(!imported.report.warnings.contains { $0.kind != .gap })
        }
    }

    @Test func `the NASDAQ file has the hash of an independent program`() throws {
        try withData("nasdaq-daily.csv", \.nasdaq) { path, expected in
            let imported = try DatasetImport.file(path)
            #expect(imported.dataset.sha256 == expected)
            #expect(imported.report.rows == 5031)
        }
    }

    @Test func `export in both forms imports to the same hash`() throws {
        try withData("spx-daily.csv", \.spx) { path, expected in
            let dataset = try DatasetImport.file(path).dataset
            for format in DatasetExport.Format.allCases {
                let again = try DatasetImport.bytes(DatasetExport.bytes(of: dataset, as: format))
                #expect(again.dataset.sha256 == expected)
            }
        }
    }
}
