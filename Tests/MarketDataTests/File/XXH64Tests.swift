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

    // By the package xxhash of PyPI, over the bytes 0, 1, 2 ...
    @Test(
        arguments: [
            (1, 0, 0xd5af_ba13_36a3_be4b), (1, 5, 0x27ce_4550_8b78_a340), (1, 31, 0xf031_031d_6597_7dfc),
            (1, 32, 0xd74e_6766_ce9d_ba94), (1, 100, 0x3d19_a3a2_098a_7023), (0x9e37_79b1_85eb_ca87, 33, 0x702e_2aa8_b967_40bd),
        ] as [(UInt64, Int, UInt64)])
    func `a seed gives the hash of the reference implementation with that seed`(seed: UInt64, length: Int, hash: UInt64) {
        let bytes = (0..<length).map { UInt8($0) }
        #expect(bytes.withUnsafeBytes { XXH64.hash($0, seed: seed) } == hash)
    }
}
