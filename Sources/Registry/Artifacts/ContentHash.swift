import Crypto

/// The name of content: its SHA-256 as 64 lower-case hexadecimal digits.
package enum ContentHash {
    /// The SHA-256 of `bytes` as lower-case hex.
    package static func sha256(_ bytes: some Collection<UInt8>) -> String {
        var hasher = ContentHasher()
        hasher.update(bytes)
        return hasher.finish()
    }

    /// Whether `text` has the form of a content hash; says nothing about whether such content exists.
    package static func isWellFormed(_ text: String) -> Bool {
        let bytes = text.utf8
        return bytes.count == 64
            && bytes.allSatisfy {
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
            }
    }
}

/// A SHA-256 in the making, for content that arrives in pieces.
package struct ContentHasher: Sendable {
    private var state = SHA256()

    package init() {}

    package mutating func update(_ bytes: some Collection<UInt8>) {
        let contiguous: Void? = bytes.withContiguousStorageIfAvailable { state.update(bufferPointer: UnsafeRawBufferPointer($0)) }
        if contiguous == nil { Array(bytes).withUnsafeBytes { state.update(bufferPointer: $0) } }
    }

    /// The hash of everything so far as lower-case hex.
    package func finish() -> String {
        let digits = Array("0123456789abcdef".utf8)
        var hex: [UInt8] = []
        hex.reserveCapacity(64)
        for byte in state.finalize() {
            hex.append(digits[Int(byte >> 4)])
            hex.append(digits[Int(byte & 15)])
        }
        return String(decoding: hex, as: UTF8.self)
    }
}
