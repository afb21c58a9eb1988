import Cluster
import Testing

@testable import bellwether

@Suite struct EventTextTests {
    @Test func `an event is a line, and what it says cannot move the cursor`() {
        let event = EventView(
            number: 1, at: 1_782_909_296_000, event: "task.failed", cause: "E_X\u{1b}[2J", job: 3, task: 0, attempt: "1.7",
            worker: 2)
        #expect(
            EventText.line(event)
                == "2026-07-01 12:34:56  task.failed        job 3 task 0  attempt 1.7  worker 2  E_X\\u{1b}[2J\n")
        #expect(EventText.line(EventView(number: 1, at: 0, event: "worker.lost", worker: 4)).hasSuffix("  worker 4\n"))
        #expect(EventText.json(event).hasPrefix(#"{"at":1782909296000,"attempt":"1.7","#))
    }
}
