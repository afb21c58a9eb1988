import Registry
import Testing

/// Expected hashes from FIPS 180-2 and Python's hashlib.
@Suite struct ContentHashTests {
    @Test("The hash of the empty content and of abc are those of the standard")
    func standard() {
        #expect(ContentHash.sha256([]) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        #expect(ContentHash.sha256(Array("abc".utf8)) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }

    @Test("Content in pieces has the hash of the whole, from contiguous storage or not")
    func pieces() {
        let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        var hasher = ContentHasher()
        hasher.update(bytes[..<1])
        hasher.update(bytes[1..<65_000])
        hasher.update(bytes[65_000...].lazy.map { $0 })
        #expect(hasher.finish() == ContentHash.sha256(bytes))
    }

    @Test("Only 64 lower-case hexadecimal digits are well formed")
    func wellFormed() {
        let hash = ContentHash.sha256([])
        #expect(ContentHash.isWellFormed(hash))
        for text in [
            "", String(hash.dropLast()), hash + "0", hash.uppercased(), "../" + hash.dropFirst(3), "g" + hash.dropFirst(),
        ] {
            #expect(!ContentHash.isWellFormed(text))
        }
    }
}
