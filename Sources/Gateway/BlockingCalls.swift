import NIOPosix
import Synchronization

/// The threads that wait for the store and for files, so that Swift's own threads never do.
///
/// The queue is bounded: when the store hangs, further calls are refused instead of piling up.
final class BlockingCalls: Sendable {
    private let pool: NIOThreadPool
    private let limit: Int
    private let waiting = Mutex(0)

    init(threads: Int, queue: Int) {
        pool = NIOThreadPool(numberOfThreads: threads)
        limit = threads + queue
    }

    func start() { pool.start() }

    func stop() async { try? await pool.shutdownGracefully() }

    /// Runs `work` on one of the threads. Throws what it throws, and `E_BUSY`.
    func run<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
        let admitted = waiting.withLock { count in
            guard count < limit else { return false }
            count += 1
            return true
        }
        guard admitted else { throw GatewayError.busy("too many calls wait for the store") }
        defer { waiting.withLock { $0 -= 1 } }
        return try await pool.runIfActive(work)
    }
}

/// A number of places that are taken and given back.
final class Places: Sendable {
    private let free: Mutex<Int>

    init(_ count: Int) { free = Mutex(count) }

    func take() -> Bool {
        free.withLock { count in
            guard count > 0 else { return false }
            count -= 1
            return true
        }
    }

    func giveBack() { free.withLock { $0 += 1 } }
}
