/// What one attempt has written and nobody has taken yet: all of its first part, and the last part of the rest. What was written
/// between the two faster than it was taken is left out; offsets show where.
struct TaskOutput {
    /// Bytes with their place in all that was written.
    struct Piece: Sendable, Hashable {
        var offset: Int64
        var bytes: [UInt8]
    }

    static let pieceLimit = 64 << 10
    /// Sizes of the two parts that are kept, here and with the head.
    static let firstLimit = 256 << 10
    static let lastLimit = 256 << 10

    /// How much was written in all.
    private(set) var written: Int64 = 0
    private var first: [UInt8] = []
    private var firstOffset: Int64 = 0
    private var last: [UInt8] = []

    var isEmpty: Bool { first.isEmpty && last.isEmpty }

    mutating func append(_ bytes: ArraySlice<UInt8>) {
        let room = Int(max(0, Int64(Self.firstLimit) - written))
        first += bytes.prefix(room)
        let rest = bytes.dropFirst(room)
        written += Int64(bytes.count)
        last += rest.suffix(Self.lastLimit)
        // Now and then rather than every time, for it moves what stays.
        if last.count > 2 * Self.lastLimit { last.removeFirst(last.count - Self.lastLimit) }
    }

    /// The next piece: whole lines where there are any, whole characters otherwise. `all` also takes a character that is
    /// not complete.
    mutating func take(all: Bool = false) -> Piece? {
        if !first.isEmpty {
            let count = Self.cut(first, all: all || written >= Self.firstLimit)
            guard count > 0 else { return nil }
            defer {
                first.removeFirst(count)
                firstOffset += Int64(count)
            }
            return Piece(offset: firstOffset, bytes: Array(first.prefix(count)))
        }
        if last.count > Self.lastLimit { last.removeFirst(last.count - Self.lastLimit) }
        let count = Self.cut(last, all: all)
        guard count > 0 else { return nil }
        defer { last.removeFirst(count) }
        return Piece(offset: written - Int64(last.count), bytes: Array(last.prefix(count)))
    }

    private static func cut(_ bytes: [UInt8], all: Bool) -> Int {
        let piece = bytes.prefix(pieceLimit)
        if piece.count < bytes.count, let end = piece.lastIndex(of: UInt8(ascii: "\n")) { return end + 1 }
        if all && piece.count == bytes.count { return piece.count }
        // The last character begins at most three bytes before the end.
        for back in 1...4 where back <= piece.count {
            let byte = piece[piece.count - back]
            if byte & 0xC0 == 0x80 { continue }
            let length = byte < 0x80 ? 1 : byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2
            return length > back ? piece.count - back : piece.count
        }
        return piece.count
    }
}
