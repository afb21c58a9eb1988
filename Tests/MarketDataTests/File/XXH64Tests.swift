import Testing

@testable import MarketData

@Suite struct XXH64Tests {
    @Test func `hashes are those of the reference implementation`() throws {
        let text: [UInt8] = (0..<1000).map { (i: Int) -> UInt8 in UInt8(truncatingIfNeeded: i * 7 + i / 251) }
        let expected = try Reference.load().xxh64
        #expect(expected.count == 13)
        for (length, hash) in expected {
            let count = try #require(Int(length))
            let computed = text[..<count].withUnsafeBytes { XXH64.hash($0) }
            #expect(String(computed, radix: 16) == String(try #require(UInt64(hash, radix: 16)), radix: 16))
        }
    }
}
