/// Files named by the SHA-256 of their bytes; immutable once they are there. Calls block.
package protocol ArtifactStore: AnyObject, Sendable {
    /// Stores `bytes` durably and returns their hash. Storing the same bytes again changes nothing.
    func put(_ bytes: [UInt8]) throws -> String
    /// The bytes of an artifact, verified: throws `E_ARTIFACT_MISSING` when there are none and `E_ARTIFACT_HASH` when they
    /// are not the bytes that were stored.
    func read(_ sha256: String) throws -> [UInt8]
    /// Up to `count` bytes from `offset` on and the length of the whole, unverified: whoever has all of them compares the hash.
    /// Throws `E_ARTIFACT_MISSING`.
    func piece(of sha256: String, from offset: Int64, count: Int) throws -> (bytes: [UInt8], total: Int64)
    /// Whether an artifact of that name is stored; its bytes are not looked at.
    func exists(_ sha256: String) throws -> Bool
    /// Starts an artifact that arrives in pieces. `expected` is the hash it must have, when that is known; more than
    /// `limit` bytes are refused with `E_ARTIFACT_SIZE`.
    func receive(expecting expected: String?, limit: Int) throws -> any ArtifactUpload
}

extension ArtifactStore {
    /// Shows that the artifact exists and that its bytes have the hash that names them; throws as `read` does.
    package func verify(_ sha256: String) throws { _ = try read(sha256) }
}

/// An artifact that is being received. Invisible until `finish` returned; dropping it leaves nothing behind.
package protocol ArtifactUpload: AnyObject {
    /// Adds the next bytes.
    func append(_ bytes: some Collection<UInt8>) throws
    /// Makes the artifact durable and visible and returns its hash. Throws `E_ARTIFACT_HASH` when another one was expected.
    func finish() throws -> String
    /// Gives up and removes what was written. Harmless after `finish`.
    func cancel()
}
