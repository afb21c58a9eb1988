import Diagnostics
import Foundation
import Testing

@testable import MarketData

@Suite struct DatasetFileTests {
    private func market(bars: Int = 100, symbols: [String] = ["AAA", "BBB"]) throws -> Dataset {
        try SyntheticMarket(seed: 3, symbols: symbols, bars: bars).generate()
    }

    @Test(arguments: [1, 2, 100, 16_384, 16_385])
    func `what was written is read back`(bars: Int) throws {
        let dataset = try market(bars: bars, symbols: bars > 1000 ? ["AAA"] : ["AAA", "BBB"])
        let read = try DatasetFile.decode(DatasetFile.encode(dataset), expecting: dataset.sha256)
        #expect(read.series == dataset.series)
        #expect(read.sha256 == dataset.sha256)
    }

    @Test func `the file is much smaller than its columns`() throws {
        let dataset = try market(bars: 4000)
        let bytes = try DatasetFile.encode(dataset)
        #expect(bytes.count < dataset.totalRows * 56 * 3 / 4)
    }

    @Test func `every truncation is an integrity error`() throws {
        let bytes = try DatasetFile.encode(market(bars: 12))
        for length in 0..<bytes.count {
            let error = failure { try DatasetFile.decode(Array(bytes[..<length])) }
            #expect(error?.category == .integrity, "length \(length)")
            #expect(error?.place != nil)
        }
        #expect(failure { try DatasetFile.decode(bytes + [0]) }?.code == "E_DATASET_FORMAT")
    }

    @Test func `every flipped byte is an integrity error`() throws {
        let bytes = try DatasetFile.encode(market(bars: 12))
        for index in bytes.indices {
            for mask in [UInt8(1), 0x80, 0xFF] {
                var damaged = bytes
                damaged[index] ^= mask
                let error = failure { try DatasetFile.decode(damaged) }
                #expect(error?.category == .integrity, "byte \(index)")
            }
        }
    }

    @Test func `bytes of a large file flipped here and there are found`() throws {
        let dataset = try market(bars: 17_000, symbols: ["AAA"])
        let bytes = try DatasetFile.encode(dataset)
        for index in stride(from: 0, to: bytes.count, by: bytes.count / 12) {
            var damaged = bytes
            damaged[index] ^= 0x10
            #expect(failure { try DatasetFile.decode(damaged, expecting: dataset.sha256) }?.category == .integrity)
        }
    }

    /// A header with its checksum made right again, as a hostile sender would write it.
    private func forged(_ bytes: [UInt8], _ change: (inout [UInt8]) -> Void) -> [UInt8] {
        let length = Int(bytes[12]) | Int(bytes[13]) << 8 | Int(bytes[14]) << 16
        var header = Array(bytes[24..<24 + length])
        change(&header)
        let checksum = header.withUnsafeBytes { XXH64.hash($0) }
        let sum = (0..<8).map { UInt8(truncatingIfNeeded: checksum >> UInt64(8 * $0)) }
        let count = (0..<4).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) }
        return bytes[..<12] + count + sum + header + bytes[(24 + length)...]
    }

    @Test func `forged headers are refused before memory is taken`() throws {
        let bytes = try DatasetFile.encode(market(bars: 30, symbols: ["AAA"]))
        // The header: hash (32), series (4), symbol length (2), symbol (3), bars (8), blocks (12 each).
        let forgeries: [(inout [UInt8]) -> Void] = [
            { $0[32] = 0 },
            { for i in 32..<36 { $0[i] = 0xFF } },
            {
                $0[36] = 0xFF
                $0[37] = 0xFF
            },
            { for i in 41..<49 { $0[i] = 0xFF } },
            { for i in 41..<49 { $0[i] = 0 } },
            { $0[44] = 0x10 },
            { $0[42] = 0x70 },
            { for i in 49..<53 { $0[i] = 0xFF } },
            { for i in 49..<53 { $0[i] = 0 } },
            { $0.removeLast(12) },
            { $0.append(contentsOf: [0, 0, 0]) },
            { $0[38] = 0x20 },
            { $0[0] ^= 1 },
        ]
        for (index, change) in forgeries.enumerated() {
            let error = failure { try DatasetFile.decode(forged(bytes, change)) }
            #expect(error?.category == .integrity, "forgery \(index)")
        }
        #expect(failure { try DatasetFile.decode(forged(bytes) { _ in }) } == nil)
    }

    @Test func `content that breaks a rule is refused even under its right hash`() throws {
        let bad = Dataset(checked: [
            try Bars(symbol: "A", time: [1], open: [1], high: [0.5], low: [1], close: [1], adjustedClose: [1], volume: [0])
        ])
        let error = failure { try DatasetFile.decode(DatasetFile.encode(bad)) }
        #expect(error?.code == "E_DATASET_FORMAT")
    }

    @Test func `wrong kinds of files have their own errors`() throws {
        let bytes = try DatasetFile.encode(market(bars: 3))
        #expect(failure { try DatasetFile.decode([]) }?.code == "E_DATASET_FORMAT")
        #expect(failure { try DatasetFile.decode(Array("Date,Open,High,Low,Close".utf8)) }?.code == "E_DATASET_FORMAT")
        var newer = bytes
        newer[8] = 2
        #expect(failure { try DatasetFile.decode(newer) }?.code == "E_DATASET_VERSION")
        #expect(failure { try DatasetFile.decode(bytes, expecting: String(repeating: "0", count: 64)) }?.code == "E_DATASET_HASH")
    }

    @Test func `files are written whole and errors name the path`() throws {
        try withFolder { folder in
            let dataset = try market(bars: 10)
            let path = folder + "/a.bwd"
            let size = try DatasetFile.write(dataset, to: path)
            #expect(try DatasetFile.read(path, expecting: dataset.sha256) == dataset)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["a.bwd"])
            var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
            #expect(bytes.count == size)
            bytes[size - 1] ^= 1
            try Data(bytes).write(to: URL(fileURLWithPath: path))
            let error = failure { try DatasetFile.read(path) }
            #expect(error?.code == "E_DATASET_FORMAT")
            #expect(error?.place == .file(path))
            #expect(failure { try DatasetFile.read(folder + "/none.bwd") }?.code == "E_DATA_FILE")
            #expect(failure { try DatasetFile.write(dataset, to: folder + "/no/such/folder.bwd") }?.code == "E_DATA_WRITE")
            #expect(failure { try DatasetFile.write(dataset, to: folder + "/no/such/folder.bwd") }?.category == .unavailable)
        }
    }
}
