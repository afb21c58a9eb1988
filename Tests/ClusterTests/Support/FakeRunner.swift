import Cluster
import Diagnostics
import Synchronization
import Wire

/// Runs drill tasks as a test wants, and counts how often each ran.
final class FakeRunner: TaskRunner {
    /// What one attempt does.
    enum Act: Sendable {
        case succeed
        case fail(retryable: Bool)
        /// Waits until the attempt is stopped.
        case sleep
        /// Waits until the gate is opened.
        case wait
        /// Does to the attempt's channel what a program would make a workload do, and ends as it says.
        case speak(@Sendable (TaskContext) throws -> Void)
    }

    struct Failure: DiagnosticError {
        let code = "E_FAKE"
        let message = "fails as asked"
        let place: Place? = nil
        let hint: String? = nil
        let category: DiagnosticCategory
    }

    private let act: @Sendable (Int32, Int32) -> Act
    private let counts = Mutex<[Int32: Int]>([:])
    /// What was asked for, in order.
    let payloads = Mutex<[ProtoTaskPayload]>([])
    private let begun: AsyncStream<Int32>
    private let begin: AsyncStream<Int32>.Continuation
    private let gate = StopFlag()

    /// `act` is told the task's index and which attempt it is, from 1.
    init(_ act: @escaping @Sendable (Int32, Int32) -> Act = { _, _ in .succeed }) {
        self.act = act
        (begun, begin) = AsyncStream.makeStream()
    }

    func run(_ payload: ProtoTaskPayload, of job: WorkerJob, context: TaskContext) throws -> ProtoTaskResult {
        let (index, attempt) =
            if case .command(let command) = payload.kind { (command.index, command.attempt) } else {
                (payload.drill.index, payload.drill.attempt)
            }
        counts.withLock { $0[index, default: 0] += 1 }
        payloads.withLock { $0.append(payload) }
        begin.yield(index)
        switch act(index, attempt) {
        case .succeed: break
        case .fail(let retryable): throw Failure(category: retryable ? .unavailable : .input)
        case .sleep: try context.sleep(milliseconds: 600_000)
        case .wait: _ = gate.wait(milliseconds: 600_000)
        case .speak(let body): try body(context)
        }
        return ProtoTaskResult()
    }

    /// Lets everything that waits succeed.
    func open() { gate.set() }

    /// Executions by task.
    var executions: [Int32: Int] { counts.withLock { $0 } }

    /// Returns when `count` more attempts have begun.
    func begin(_ count: Int) async {
        var left = count
        if left == 0 { return }
        for await _ in begun {
            left -= 1
            if left == 0 { return }
        }
    }
}
