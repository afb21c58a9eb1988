/// Fixed numbers of the wire.
package enum WireProtocol {
    /// The protocol this program speaks.
    package static let version: UInt32 = 1
    /// The protocols it understands from others.
    package static let supported: ClosedRange<UInt32> = version...version
    /// The header frame's largest size in bytes.
    package static let headerLimit = 8 << 20
    /// Frames in one message: a header, and bulk bytes for some.
    package static let partsLimit = 2
    /// Bytes in one chunk of a dataset or artifact, before compression.
    package static let chunkSize = 1 << 20
    /// The largest result of one task in bytes.
    package static let resultLimit = 4 << 20
}
