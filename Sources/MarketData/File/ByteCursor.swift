import Diagnostics

/// Reads little-endian values one after the other from bytes that nobody vouches for.
struct ByteCursor {
    let bytes: UnsafeRawBufferPointer
    private(set) var offset: Int

    init(_ bytes: UnsafeRawBufferPointer, offset: Int = 0) {
        self.bytes = bytes
        self.offset = offset
    }

    var remaining: Int { bytes.count - offset }

    /// The next `count` bytes. Throws `E_DATASET_FORMAT` when there are fewer.
    mutating func take(_ count: Int, _ what: String) throws(MarketDataError) -> UnsafeRawBufferPointer {
        guard count >= 0, count <= remaining else {
            throw MarketDataError(
                .datasetFormat, "the dataset file ends within \(what): \(count) bytes needed, \(remaining) left",
                place: .offset(offset))
        }
        defer { offset += count }
        return UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + count])
    }

    /// The next integer. Throws `E_DATASET_FORMAT` when the bytes end.
    mutating func integer<T: FixedWidthInteger>(_ what: String, as: T.Type = T.self) throws(MarketDataError) -> T {
        T(littleEndian: try take(MemoryLayout<T>.size, what).loadUnaligned(as: T.self))
    }
}
