import Crypto
import MarketData

/// Lines with a check of eight digits each, and a seal over all of them every 64 lines.
///
/// The check is the lower half of the XXH64 of the line's record and its line feed, seeded with the whole hash of the line
/// before, so it tells which line was changed. The seal is the SHA-256 of every byte before it, so that what was sealed cannot
/// be changed unseen by whoever keeps the last one.
final class SealedLines {
    /// How many records a seal stands for, unless the log ends.
    static let linesPerSeal = 64
    /// Digits and the space after them.
    static let checkLength = 9
    static let sealWord = "seal "
    /// The most bytes of a record's text, and of a line with its numbers.
    private static let (longestText, longestLine) = (700, 1100)

    private var memory: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    private var used = 0
    /// What the last seal did not cover yet.
    private var sealedUpTo = 0
    private var check: UInt64 = 0
    private var chain = SHA256()
    /// The number of records.
    private(set) var count = 0

    init() {
        capacity = 1 << 14
        memory = .allocate(capacity: capacity)
    }

    deinit { memory.deallocate() }

    var bytes: [UInt8] { Array(UnsafeBufferPointer(start: memory, count: used)) }

    /// The hash of every byte so far.
    var sha256: String {
        var chain = chain
        chain.update(bufferPointer: UnsafeRawBufferPointer(start: memory + sealedUpTo, count: used - sealedUpTo))
        return Self.text(chain.finalize())
    }

    func reserve(_ lines: Int) { makeRoom(max(0, min(lines, 1 << 32)) * 110) }

    /// Adds the line that `write` makes, without its line feed.
    @inline(__always)
    func add(_ write: (inout LineWriter) -> Void) {
        if capacity - used < Self.longestLine { makeRoom(Self.longestLine) }
        let start = memory + used
        let record = start + Self.checkLength
        var line = LineWriter(record, limit: record + Self.longestText)
        write(&line)
        line.append(UInt8(ascii: "\n"))
        check = XXH64.hash(UnsafeRawBufferPointer(start: record, count: line.end - record), seed: check)
        var head = LineWriter(start, limit: record)
        head.store(characters: DecimalDigits.hexadecimal(UInt32(truncatingIfNeeded: check)))
        head.space()
        used = line.end - memory
        count += 1
        if count.isMultiple(of: Self.linesPerSeal) { seal() }
    }

    /// Adds a seal over all lines, unless the last line is one.
    func seal() {
        guard sealedUpTo < used else { return }
        chain.update(bufferPointer: UnsafeRawBufferPointer(start: memory + sealedUpTo, count: used - sealedUpTo))
        makeRoom(Self.longestLine)
        // The copy is finished; the chain goes on.
        let start = memory + used
        var line = LineWriter(start, limit: start + Self.longestLine)
        line.append("seal ")
        chain.finalize().withUnsafeBytes { digest in
            for place in stride(from: 0, to: digest.count, by: 4) {
                let word = UInt32(bigEndian: digest.loadUnaligned(fromByteOffset: place, as: UInt32.self))
                line.store(characters: DecimalDigits.hexadecimal(word))
            }
        }
        line.append(UInt8(ascii: "\n"))
        chain.update(bufferPointer: UnsafeRawBufferPointer(start: start, count: line.end - start))
        used = line.end - memory
        sealedUpTo = used
    }

    private func makeRoom(_ more: Int) {
        guard capacity - used < more else { return }
        let larger = max(capacity * 2, used + more)
        let moved = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
        moved.update(from: memory, count: used)
        memory.deallocate()
        memory = moved
        capacity = larger
    }

    /// A digest in lower-case hexadecimal digits.
    static func text(_ digest: SHA256Digest) -> String {
        String(decoding: digest.flatMap { [digit($0 &>> 4), digit($0 & 15)] }, as: UTF8.self)
    }

    private static func digit(_ value: UInt8) -> UInt8 { value &+ (value < 10 ? UInt8(ascii: "0") : UInt8(ascii: "a") &- 10) }
}
