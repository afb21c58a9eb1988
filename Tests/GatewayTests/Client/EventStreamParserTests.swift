import Cluster
import Testing

@Suite struct EventStreamParserTests {
    private typealias Event = EventStreamParser.Event

    private func parse(_ text: String) throws -> [EventStreamParser.Event] {
        var parser = EventStreamParser()
        return try parser.feed(Array(text.utf8))
    }

    @Test func `events end at a blank line and keep their type and data`() throws {
        #expect(
            try parse("event: job\ndata: {\"a\":1}\n\ndata:x\n\n") == [
                Event(type: "job", data: "{\"a\":1}"), Event(type: "message", data: "x"),
            ])
    }

    @Test func `comments and unknown fields say nothing`() throws {
        #expect(try parse(":\n\n: heartbeat\n\nid: 5\nretry: 10\n\nfoo\n\ndata\n\n") == [Event(type: "message", data: "")])
    }

    @Test func `several data lines are joined`() throws {
        #expect(try parse("data: a\ndata: b\ndata\n\n") == [Event(type: "message", data: "a\nb\n")])
    }

    @Test func `all three line ends are the same, however the bytes are cut`() throws {
        let expected = [Event(type: "job", data: "é"), Event(type: "message", data: "2")]
        for end in ["\n", "\r\n", "\r"] {
            let bytes = Array("event: job\(end)data: é\(end)\(end)data: 2\(end)\(end)".utf8)
            for cut in 0...bytes.count {
                var parser = EventStreamParser()
                #expect(try parser.feed(bytes[..<cut]) + parser.feed(bytes[cut...]) == expected)
            }
        }
    }

    @Test func `an event that is cut off is not an event`() throws {
        #expect(try parse("event: job\ndata: 1\n").isEmpty)
    }

    @Test func `an endless line or event is refused`() {
        var line = EventStreamParser(limit: 100)
        #expect(throws: EventStreamParser.TooLong.self) { try line.feed(Array(repeating: UInt8(ascii: "x"), count: 101)) }
        var data = EventStreamParser(limit: 100)
        #expect(throws: EventStreamParser.TooLong.self) {
            for _ in 0..<20 { _ = try data.feed(Array("data: 0123456789\n".utf8)) }
        }
    }
}
