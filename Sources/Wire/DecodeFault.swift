import SwiftProtobuf

/// Finds where bytes stop being a message of the protocol, for the place of an error.
enum DecodeFault {
    /// The offset of the first field that is cut short, is none, or cannot be decoded by itself; the length when there is none.
    static func offset<Header: Message>(in bytes: [UInt8], as type: Header.Type) -> Int {
        var position = 0
        while position < bytes.count {
            guard let end = end(ofFieldAt: position, in: bytes),
                (try? Header(serializedBytes: Array(bytes[position..<end]))) != nil
            else { return position }
            position = end
        }
        return position
    }

    private static func end(ofFieldAt start: Int, in bytes: [UInt8]) -> Int? {
        guard let (tag, position) = varint(at: start, in: bytes) else { return nil }
        switch tag & 7 {
        case 0: return varint(at: position, in: bytes)?.end
        case 1: return within(bytes, position, 8)
        case 2: return varint(at: position, in: bytes).flatMap { within(bytes, $0.end, $0.value) }
        // A group ends with a tag of its own; what is in it is for the decoder.
        case 3: return bytes.count
        case 5: return within(bytes, position, 4)
        default: return nil
        }
    }

    private static func within(_ bytes: [UInt8], _ position: Int, _ length: UInt64) -> Int? {
        length <= UInt64(bytes.count - position) ? position + Int(length) : nil
    }

    private static func varint(at start: Int, in bytes: [UInt8]) -> (value: UInt64, end: Int)? {
        var value: UInt64 = 0
        for (place, byte) in bytes[start...].prefix(10).enumerated() {
            value |= UInt64(byte & 0x7F) << UInt64(7 * place)
            if byte < 0x80 { return (value, start + place + 1) }
        }
        return nil
    }
}
