import Cluster
import Testing

@testable import bellwether

@Suite struct LogTextTests {
    @Test func `titles tell tasks apart, and gaps are named`() {
        var text = LogText(showsTask: true)
        let shown = [
            LogPart(task: 0, attempt: "1.1", offset: 0, bytes: 3, text: "one"),
            LogPart(task: 0, attempt: "1.1", offset: 2_051, bytes: 4, text: "end\n"),
            LogPart(task: 1, attempt: "1.2", offset: 0, bytes: 4, text: "two\n"),
        ].map { text.shown($0) }.joined()
        #expect(shown == "--- task 0, attempt 1.1\none\n... 2.0 KiB left out\nend\n--- task 1, attempt 1.2\ntwo\n")
    }

    @Test func `one task alone has no title until another attempt begins`() {
        var text = LogText(showsTask: false)
        #expect(text.shown(LogPart(task: 0, attempt: "1.1", offset: 0, bytes: 4, text: "one\n")) == "one\n")
        #expect(
            text.shown(LogPart(task: 0, attempt: "1.2", offset: 0, bytes: 4, text: "two\n")) == "--- task 0, attempt 1.2\ntwo\n")
    }

    @Test func `whatever a head sends, nothing moves the cursor`() {
        var text = LogText(showsTask: false)
        #expect(
            text.shown(LogPart(task: 0, attempt: "1\u{1B}", offset: 0, bytes: 3, text: "a\tb\u{1B}[2J\r"))
                == "a\tb\\u{1b}[2J\\u{d}")
    }
}
