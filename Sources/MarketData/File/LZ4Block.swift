import CLZ4

/// A run of bytes as one LZ4 block, for pieces of files on their way between processes.
package enum LZ4Block {
    /// The longest run that is packed.
    package static let limit = 16 << 20

    /// `bytes` as a block; nil when that would be no smaller.
    package static func pack(_ bytes: [UInt8]) -> [UInt8]? {
        guard bytes.count > 1, bytes.count <= limit else { return nil }
        let packed = [UInt8](unsafeUninitializedCapacity: bytes.count - 1) { target, count in
            let size = bytes.withUnsafeBytes { source in
                LZ4_compress_default(source.baseAddress, target.baseAddress, CInt(source.count), CInt(target.count))
            }
            count = max(0, Int(size))
        }
        return packed.isEmpty ? nil : packed
    }

    /// The `count` bytes that `block` holds; nil when it is not a block of just so many.
    package static func unpack(_ block: [UInt8], count: Int) -> [UInt8]? {
        guard (1...limit).contains(count), !block.isEmpty, block.count < count else { return nil }
        var isWhole = false
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { target, filled in
            let size = block.withUnsafeBytes { source in
                LZ4_decompress_safe(source.baseAddress, target.baseAddress, CInt(source.count), CInt(count))
            }
            isWhole = Int(size) == count
            filled = isWhole ? count : 0
        }
        return isWhole ? bytes : nil
    }
}
