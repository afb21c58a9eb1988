import MarketData
import Statistics
import Testing

@Suite struct LZ4BlockTests {
    @Test func `what can be made smaller comes back as it was, what cannot is left alone`() throws {
        let text = Array(String(repeating: "the same words again, ", count: 5_000).utf8)
        let packed = try #require(LZ4Block.pack(text))
        #expect(packed.count < text.count / 50)
        #expect(LZ4Block.unpack(packed, count: text.count) == text)
        var generator = SplitMix64(seed: 1)
        let noise = (0..<10_000).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
        #expect(LZ4Block.pack(noise) == nil)
        #expect(LZ4Block.pack([]) == nil && LZ4Block.pack([1]) == nil)
    }

    @Test func `a block that is cut, damaged, or claims another length is refused`() throws {
        let text = Array(String(repeating: "0123456789abcdef", count: 200).utf8)
        let packed = try #require(LZ4Block.pack(text))
        for count in [-1, 0, 1, text.count - 1, text.count + 1, .max] { #expect(LZ4Block.unpack(packed, count: count) == nil) }
        for length in 0..<packed.count { #expect(LZ4Block.unpack(Array(packed[..<length]), count: text.count) == nil) }
        for place in packed.indices {
            var damaged = packed
            damaged[place] ^= 0x80
            // A changed literal still is a block; nothing but its hash can tell.
            if let read = LZ4Block.unpack(damaged, count: text.count) { #expect(read.count == text.count) }
        }
    }
}
