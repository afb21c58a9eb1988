import Dispatch
import Glibc

/// Turns Ctrl-C and SIGTERM into something that can be waited for. The second one ends the program at once.
final class Interrupts: Sendable {
    // Because they are made in init and touched again only in deinit.
    nonisolated(unsafe) private let sources: [any DispatchSourceSignal]
    private let stream: AsyncStream<Void>

    init() {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        self.stream = stream
        sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                continuation.yield()
                signal(number, SIG_DFL)
            }
            source.resume()
            return source
        }
    }

    deinit { for source in sources { source.cancel() } }

    /// Runs `work` until it ends or the first interrupt; nil means interrupted, with `work` cancelled.
    func race<Result: Sendable>(_ work: @escaping @Sendable () async throws -> Result) async throws -> Result? {
        try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask { try await work() }
            group.addTask { [stream] in
                for await _ in stream { return nil }
                // Cancelled because the work ended: never the first to finish.
                try await Task.sleep(for: .seconds(3600))
                return nil
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
    }
}
