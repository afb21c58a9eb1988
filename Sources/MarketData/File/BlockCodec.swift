import CLZ4
import Diagnostics

/// Packs up to `length` words of eight bytes into one LZ4 block and back.
///
/// The words' bytes are transposed first, all lowest bytes, then all second bytes and so on: neighbouring prices share
/// their high bytes, and LZ4 finds them only when they lie side by side. Times are stored as differences before that.
enum BlockCodec {
    /// Words in a full block; only the last block of a column is shorter.
    static let length = 16_384

    /// How many blocks a column of `rows` words takes.
    static func blocks(rows: Int) -> Int { rows / length + (rows % length == 0 ? 0 : 1) }

    /// Words in block number `block` of a column of `rows` words.
    static func words(in block: Int, rows: Int) -> Int { min(length, rows - block * length) }

    /// LZ4 cannot shrink a block below this, so a smaller one that claims `words` is refused before memory is taken.
    static func leastBytes(words: Int) -> Int { words * 8 / 255 }

    /// The most bytes that LZ4 needs for `words`.
    static func mostBytes(words: Int) -> Int { Int(LZ4_compressBound(CInt(words * 8))) }

    /// Appends the packed form of `words` to `packed` and returns its length and checksum.
    static func pack(
        _ words: UnsafeRawBufferPointer, differences: Bool, into packed: inout [UInt8]
    ) throws(MarketDataError) -> (bytes: Int, checksum: UInt64) {
        let count = words.count / 8
        var plain = [UInt8](repeating: 0, count: count * 8)
        var previous: UInt64 = 0
        for i in 0..<count {
            let value = words.loadUnaligned(fromByteOffset: i * 8, as: UInt64.self)
            let word = differences ? value &- previous : value
            previous = value
            for byte in 0..<8 {
                plain[byte * count + i] = UInt8(truncatingIfNeeded: word &>> UInt64(byte * 8))
            }
        }
        let start = packed.count
        let capacity = mostBytes(words: count)
        packed.append(contentsOf: repeatElement(0, count: capacity))
        let size = packed.withUnsafeMutableBytes { target in
            plain.withUnsafeBytes { source in
                LZ4_compress_default(
                    source.baseAddress, target.baseAddress.map { $0 + start }, CInt(source.count), CInt(capacity))
            }
        }
        guard size > 0 else { throw MarketDataError(.datasetFormat, "LZ4 could not pack a block of \(count) words") }
        packed.removeLast(capacity - Int(size))
        let checksum = packed.withUnsafeBytes { XXH64.hash(UnsafeRawBufferPointer(rebasing: $0[start...])) }
        return (Int(size), checksum)
    }

    /// Unpacks one block into `words`, eight bytes each, which it must fill. `plain` is scratch of the same size.
    ///
    /// Returns false when the bytes are not such a block.
    static func unpack(
        _ packed: UnsafeRawBufferPointer, differences: Bool, into words: UnsafeMutableRawBufferPointer,
        scratch plain: UnsafeMutableRawBufferPointer
    ) -> Bool {
        let count = words.count / 8
        guard packed.count <= Int(CInt.max), plain.count >= count * 8 else { return false }
        let size = LZ4_decompress_safe(packed.baseAddress, plain.baseAddress, CInt(packed.count), CInt(count * 8))
        guard Int(size) == count * 8 else { return false }
        var previous: UInt64 = 0
        for i in 0..<count {
            var word: UInt64 = 0
            for byte in 0..<8 { word |= UInt64(plain[byte &* count &+ i]) &<< UInt64(byte &* 8) }
            if differences {
                word = word &+ previous
                previous = word
            }
            words.storeBytes(of: word, toByteOffset: i &* 8, as: UInt64.self)
        }
        return true
    }
}
