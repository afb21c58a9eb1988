import MarketData

/// Reads JSON from bytes one value at a time, without building a tree.
///
/// Nothing is allocated for what is skipped, and nesting is bounded, so a request costs about what it carries. Strings are
/// compared and returned raw when they have no escapes; names and ids of this protocol have none.
struct JSONScanner {
    private static let depthLimit = 32
    private let bytes: UnsafeBufferPointer<UInt8>
    private(set) var offset = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    private mutating func skipSpace() {
        while offset < bytes.count, bytes[offset] <= 0x20 { offset &+= 1 }
    }

    /// The next byte that is not space; nil at the end.
    mutating func peek() -> UInt8? {
        skipSpace()
        return offset < bytes.count ? bytes[offset] : nil
    }

    /// Takes `byte` if it is next.
    mutating func take(_ byte: UInt8) -> Bool {
        guard peek() == byte else { return false }
        offset &+= 1
        return true
    }

    mutating func expect(_ byte: UInt8) throws(ServingError) {
        guard take(byte) else { throw .json("lacks a '\(Character(UnicodeScalar(byte)))'", at: offset) }
    }

    mutating func expectEnd() throws(ServingError) {
        guard peek() == nil else { throw .json("goes on after its end", at: offset) }
    }

    /// The content of a string.
    mutating func string() throws(ServingError) -> String {
        try expect(UInt8(ascii: "\""))
        let start = offset
        while offset < bytes.count, bytes[offset] != UInt8(ascii: "\"") {
            guard bytes[offset] >= 0x20 else { throw .json("has a control character in a string", at: offset) }
            guard bytes[offset] != UInt8(ascii: "\\") else { throw .json("has an escape in a name or id", at: offset) }
            offset &+= 1
        }
        guard offset < bytes.count else { throw .json("ends inside a string", at: offset) }
        defer { offset &+= 1 }
        return String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<offset]), as: UTF8.self)
    }

    /// A finite number.
    mutating func number() throws(ServingError) -> Double {
        skipSpace()
        let (value, end) = DecimalNumber.scan(bytes, from: offset)
        guard end > offset, value.isFinite else { throw .json("lacks a finite number", at: offset) }
        offset = end
        return value
    }

    /// Calls `member` with each key of an object; it must take the value.
    mutating func object(_ member: (String, inout JSONScanner) throws(ServingError) -> Void) throws(ServingError) {
        try expect(UInt8(ascii: "{"))
        if take(UInt8(ascii: "}")) { return }
        repeat {
            let key = try string()
            try expect(UInt8(ascii: ":"))
            try member(key, &self)
        } while take(UInt8(ascii: ","))
        try expect(UInt8(ascii: "}"))
    }

    /// Calls `element` before each element of an array; it must take it.
    mutating func array(_ element: (inout JSONScanner) throws(ServingError) -> Void) throws(ServingError) {
        try expect(UInt8(ascii: "["))
        if take(UInt8(ascii: "]")) { return }
        repeat { try element(&self) } while take(UInt8(ascii: ","))
        try expect(UInt8(ascii: "]"))
    }

    /// Numbers of an array of any nesting, appended in order; at most `limit` of them.
    mutating func numbers(into values: inout [Double], limit: Int, depth: Int = 0) throws(ServingError) {
        guard depth < 4 else { throw .json("nests its data too deep", at: offset) }
        try expect(UInt8(ascii: "["))
        if take(UInt8(ascii: "]")) { return }
        repeat {
            if peek() == UInt8(ascii: "[") {
                try numbers(into: &values, limit: limit, depth: depth + 1)
            } else {
                guard values.count < limit else { throw .json("carries more than \(limit) numbers", at: offset) }
                values.append(try number())
            }
        } while take(UInt8(ascii: ","))
        try expect(UInt8(ascii: "]"))
    }

    /// Passes over one value of any kind.
    mutating func skipValue(depth: Int = 0) throws(ServingError) {
        guard depth < Self.depthLimit else { throw .json("nests too deep", at: offset) }
        switch peek() {
        case UInt8(ascii: "{"):
            offset &+= 1
            if take(UInt8(ascii: "}")) { return }
            repeat {
                try skipString()
                try expect(UInt8(ascii: ":"))
                try skipValue(depth: depth + 1)
            } while take(UInt8(ascii: ","))
            try expect(UInt8(ascii: "}"))
        case UInt8(ascii: "["):
            offset &+= 1
            if take(UInt8(ascii: "]")) { return }
            repeat { try skipValue(depth: depth + 1) } while take(UInt8(ascii: ","))
            try expect(UInt8(ascii: "]"))
        case UInt8(ascii: "\""): try skipString()
        case UInt8(ascii: "t"): try skipWord("true")
        case UInt8(ascii: "f"): try skipWord("false")
        case UInt8(ascii: "n"): try skipWord("null")
        default: _ = try number()
        }
    }

    private mutating func skipString() throws(ServingError) {
        try expect(UInt8(ascii: "\""))
        while offset < bytes.count, bytes[offset] != UInt8(ascii: "\"") { offset &+= bytes[offset] == UInt8(ascii: "\\") ? 2 : 1 }
        guard offset < bytes.count else { throw .json("ends inside a string", at: bytes.count) }
        offset &+= 1
    }

    private mutating func skipWord(_ word: StaticString) throws(ServingError) {
        let length = word.utf8CodeUnitCount
        guard offset + length <= bytes.count else { throw .json("ends inside a word", at: offset) }
        for place in 0..<length where bytes[offset + place] != word.utf8Start[place] {
            throw .json("has an unknown word", at: offset)
        }
        offset &+= length
    }
}
