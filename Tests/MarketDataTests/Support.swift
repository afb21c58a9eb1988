import Foundation
import TestSupport

@testable import MarketData

/// Bars that rise by one a day from 100, for tests that need some valid series.
func sampleBars(_ symbol: String = "AAA", count: Int = 5, firstDay: Int64 = 10_000) throws -> Bars {
    let close = (0..<count).map { 100 + Double($0) }
    return try Bars(
        symbol: symbol, time: (0..<Int64(count)).map { (firstDay + $0) * 86_400_000 }, open: close.map { $0 - 0.5 },
        high: close.map { $0 + 1 }, low: close.map { $0 - 1 }, close: close, adjustedClose: close.map { $0 / 2 },
        volume: close.map { $0 * 1000 })
}

/// Imports text as a file would be.
func importText(_ text: String, _ options: ImportOptions = ImportOptions()) throws(MarketDataError) -> ImportedDataset {
    try DatasetImport.bytes(Array(text.utf8), name: "x.csv", options: options)
}

/// The error that `body` throws, or nil.
func failure<T>(_ body: () throws -> T) -> MarketDataError? {
    do {
        _ = try body()
        return nil
    } catch {
        return error as? MarketDataError
    }
}

/// Calls `body` with the path of a new folder and removes it afterwards.
func withFolder<T>(_ body: (String) throws -> T) throws -> T {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("bellwether-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: url) }
    return try body(url.path)
}

/// The numbers that `Reference/make_reference.py` computed.
struct Reference: Decodable {
    struct Decimal: Decodable {
        let text: String
        let bits: String
    }

    let small: String
    let spx: String
    let nasdaq: String
    let xxh64: [String: String]
    let decimals: [Decimal]

    static func load() throws -> Reference {
        let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Reference/reference.json")
        return try JSONDecoder().decode(Reference.self, from: Data(contentsOf: url))
    }
}
