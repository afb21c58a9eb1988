import Scheduling
import Testing

@Suite struct SessionTests {
    @Test func `messages in order are handled, repeated ones dropped`() {
        var outbox = SessionOutbox(session: 3)
        var inbox = SessionInbox()
        #expect(inbox.open(3) == .inOrder)
        for _ in 0..<4 {
            let marks = outbox.next()
            #expect(inbox.accept(session: marks.session, sequence: marks.sequence) == .inOrder)
            #expect(inbox.accept(session: marks.session, sequence: marks.sequence) == .stale)
        }
    }

    @Test func `a missing message shows in every later one of the session`() {
        var inbox = SessionInbox()
        #expect(inbox.open(1) == .inOrder)
        #expect(inbox.accept(session: 1, sequence: 1) == .gap)
        #expect(inbox.accept(session: 1, sequence: 2) == .gap)
        #expect(inbox.accept(session: 1, sequence: 0) == .inOrder)
        #expect(inbox.accept(session: 1, sequence: 1) == .inOrder)
    }

    @Test func `an older session is stale, an unknown one a gap`() {
        var inbox = SessionInbox()
        #expect(inbox.accept(session: 1, sequence: 0) == .gap)
        #expect(inbox.open(5) == .inOrder)
        #expect(inbox.open(5) == .stale)
        #expect(inbox.open(4) == .stale)
        #expect(inbox.accept(session: 4, sequence: 0) == .stale)
        #expect(inbox.accept(session: 6, sequence: 0) == .gap)
        #expect(inbox.session == 5)
        #expect(inbox.open(6) == .inOrder)
        #expect(inbox.accept(session: 6, sequence: .max) == .gap)
        #expect(inbox.accept(session: 6, sequence: .min) == .stale)
        #expect(inbox.accept(session: 6, sequence: 0) == .inOrder)
    }
}
