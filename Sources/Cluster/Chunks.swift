import MarketData
import Wire

/// Pieces of blobs as both ends of a transfer take them off the wire.
enum Chunks {
    /// The bytes of a piece whose frame is `bulk`: an LZ4 block of `count` bytes, or the bytes themselves when that is 0. Nil when
    /// it is not what it says, or longer than a piece may be.
    static func unpacked(_ bulk: [UInt8], _ count: UInt32) -> [UInt8]? {
        guard count > 0 else { return bulk }
        return count <= WireProtocol.chunkSize ? LZ4Block.unpack(bulk, count: Int(count)) : nil
    }
}
