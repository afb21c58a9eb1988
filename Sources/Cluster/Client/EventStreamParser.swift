/// Takes a stream of server-sent events apart (WHATWG HTML, section 9.2): bytes in, complete events out.
package struct EventStreamParser: Sendable {
    package struct Event: Sendable, Hashable {
        /// `message` when the stream gives no type.
        package var type: String
        /// The data lines, joined by line feeds.
        package var data: String
        package init(type: String, data: String) { (self.type, self.data) = (type, data) }
    }

    /// The stream sent more than `limit` bytes without completing an event.
    package struct TooLong: Error {}

    private let limit: Int
    private var line: [UInt8] = []
    private var afterCarriageReturn = false
    private var type = ""
    private var data: String?

    /// `limit` bounds one line and the data of one event, in bytes.
    package init(limit: Int = 4 << 20) { self.limit = limit }

    /// The events completed by `bytes`; comments (heartbeats) and unknown fields yield nothing.
    package mutating func feed(_ bytes: some Sequence<UInt8>) throws(TooLong) -> [Event] {
        var events: [Event] = []
        for byte in bytes {
            defer { afterCarriageReturn = byte == 0x0D }
            switch byte {
            case 0x0A where afterCarriageReturn: continue
            case 0x0A, 0x0D: if let event = try endLine() { events.append(event) }
            default:
                guard line.count < limit else { throw TooLong() }
                line.append(byte)
            }
        }
        return events
    }

    private mutating func endLine() throws(TooLong) -> Event? {
        defer { line.removeAll(keepingCapacity: true) }
        guard !line.isEmpty else {
            defer { (type, data) = ("", nil) }
            return data.map { Event(type: type.isEmpty ? "message" : type, data: $0) }
        }
        let colon = line.firstIndex(of: UInt8(ascii: ":"))
        let field = String(decoding: line[..<(colon ?? line.endIndex)], as: UTF8.self)
        var value = colon.map { line[($0 + 1)...] } ?? []
        if value.first == UInt8(ascii: " ") { value = value.dropFirst() }
        let text = String(decoding: value, as: UTF8.self)
        switch field {
        case "event": type = text
        case "data":
            let joined = data.map { $0 + "\n" + text } ?? text
            guard joined.utf8.count <= limit else { throw TooLong() }
            data = joined
        default: break
        }
        return nil
    }
}
