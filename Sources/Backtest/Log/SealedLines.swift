import Crypto

/// Lines that each carry the hash of all records up to their own.
struct SealedLines {
    private(set) var bytes: [UInt8] = []
    private(set) var count = 0
    private var chain = SHA256()

    /// The most bytes of a record; a longer one is cut off. With its seal it fits into a kilobyte, which takes no allocation.
    private static let longestRecord = 900
    /// Hexadecimal digits and the space after them.
    private static let sealLength = 65

    var sha256: String { Self.text(chain.finalize()) }

    mutating func reserve(_ lines: Int) { bytes.reserveCapacity(bytes.count + lines * 160) }

    /// Adds the line that `write` makes, without its line feed.
    mutating func add(_ write: (inout LineWriter) -> Void) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.sealLength + Self.longestRecord + 1) { memory in
            let room = UnsafeMutableBufferPointer(rebasing: memory[..<(memory.count - 1)])
            var line = LineWriter(room, from: Self.sealLength)
            write(&line)
            let end = line.count
            memory[end] = UInt8(ascii: "\n")
            chain.update(
                bufferPointer: UnsafeRawBufferPointer(UnsafeMutableBufferPointer(rebasing: memory[Self.sealLength...end])))
            // The copy is finished; the chain goes on.
            chain.finalize().withUnsafeBytes { digest in
                for place in 0..<32 {
                    memory[2 * place] = Self.digit(digest[place] &>> 4)
                    memory[2 * place + 1] = Self.digit(digest[place] & 15)
                }
            }
            memory[Self.sealLength - 1] = UInt8(ascii: " ")
            bytes.append(contentsOf: UnsafeMutableBufferPointer(rebasing: memory[...end]))
        }
        count += 1
    }

    /// A digest in lower-case hexadecimal digits.
    static func text(_ digest: SHA256Digest) -> String {
        String(decoding: digest.flatMap { [digit($0 &>> 4), digit($0 & 15)] }, as: UTF8.self)
    }

    private static func digit(_ value: UInt8) -> UInt8 { value &+ (value < 10 ? UInt8(ascii: "0") : UInt8(ascii: "a") &- 10) }
}
