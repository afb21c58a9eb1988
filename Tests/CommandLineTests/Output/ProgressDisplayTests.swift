import Cluster
import Synchronization
import Testing

@testable import bellwether

@Suite struct ProgressDisplayTests {
    /// A clock that stands still until it is moved, and everything that was written.
    private final class Screen: Sendable {
        let seconds = Mutex(0.0)
        let text = Mutex("")

        func display(isQuiet: Bool = false, isInteractive: Bool) -> ProgressDisplay {
            ProgressDisplay(
                isQuiet: isQuiet, isInteractive: isInteractive, now: { self.seconds.withLock { $0 } },
                write: { text in self.text.withLock { $0 += text } })
        }

        func pass(_ more: Double) { seconds.withLock { $0 += more } }

        /// What was written since the last call.
        func take() -> String {
            text.withLock { text in
                defer { text = "" }
                return text
            }
        }
    }

    private func job(_ finished: Int, of tasks: Int = 100, state: String = "running") -> JobView {
        var job = JobView(
            id: 3, uid: "u", name: "n", kind: "drill", state: state, priority: 0, specHash: "s", dataset: nil, submittedAt: 0)
        job.progress = ProgressView(tasks: tasks, finished: finished, failed: 0, assigned: 0)
        return job
    }

    @Test func `without a terminal each tenth of the work is one plain line`() {
        let screen = Screen()
        var display = screen.display(isInteractive: false)
        for finished in 0..<100 {
            display.show(job(finished))
            let isTenth = finished % 10 == 0
            let written = screen.take()
            #expect(written.isEmpty == !isTenth, "\(finished): \(written)")
            if isTenth {
                #expect(written.hasPrefix("job 3  [") && written.hasSuffix("\n") && written.contains("\(finished)/100 tasks"))
                #expect(written.count { $0 == "\n" } == 1)
                #expect(!written.unicodeScalars.contains("\u{1B}") && !written.contains("\r"))
            }
            screen.pass(0.01)
        }
        display.finish()
        #expect(screen.take().isEmpty)
    }

    @Test func `without a terminal slow work is mentioned every fifteen seconds`() {
        let screen = Screen()
        var display = screen.display(isInteractive: false)
        display.show(job(1))
        #expect(!screen.take().isEmpty)
        screen.pass(14)
        display.show(job(2))
        #expect(screen.take().isEmpty)
        screen.pass(2)
        display.show(job(2))
        #expect(screen.take().contains("2/100 tasks"))
    }

    @Test func `a terminal's line is redrawn in place and cleared at the end`() {
        let screen = Screen()
        var display = screen.display(isInteractive: true)
        display.show(job(1))
        #expect(screen.take().hasPrefix("\r\u{1B}[2Kjob 3"))
        // Faster than the eye: nothing, unless it is the end.
        screen.pass(0.01)
        display.show(job(2))
        #expect(screen.take().isEmpty)
        display.show(job(100, state: "succeeded"))
        let last = screen.take()
        #expect(last.contains("100%") && !last.contains("\n"))
        display.finish()
        #expect(screen.take() == "\r\u{1B}[2K")
    }

    @Test(arguments: [true, false])
    func `a quiet display says nothing`(isInteractive: Bool) {
        let screen = Screen()
        var display = screen.display(isQuiet: true, isInteractive: isInteractive)
        for finished in 0...100 { display.show(job(finished)) }
        display.finish()
        #expect(screen.take().isEmpty)
    }
}
