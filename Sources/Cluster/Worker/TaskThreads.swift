import Foundation
import Synchronization

/// Dedicated threads for tasks: as many as ever ran at once, kept for the next ones.
///
/// Tasks compute for long and block, so they stay off Swift's cooperative pool. The agenda decides how many run at once;
/// this only provides the threads.
final class TaskThreads: Sendable {
    private struct State {
        var waiting: [@Sendable () -> Void] = []
        var idle = 0
        var threads = 0
        var closed = false
    }

    private let state = Mutex(State())
    private let available = DispatchSemaphore(value: 0)

    /// Runs `work` on a thread of its own, at once.
    func start(_ work: @escaping @Sendable () -> Void) {
        let needsThread = state.withLock { state in
            state.waiting.append(work)
            if state.idle >= state.waiting.count { return false }
            state.threads += 1
            return true
        }
        if needsThread {
            let thread = Thread { [self] in serve() }
            thread.name = "task"
            thread.stackSize = 8 << 20
            thread.start()
        } else {
            available.signal()
        }
    }

    /// Lets idle threads end; running tasks finish first.
    func close() {
        let idle = state.withLock { state in
            state.closed = true
            return state.idle
        }
        for _ in 0..<idle { available.signal() }
    }

    private func serve() {
        while true {
            let work: (@Sendable () -> Void)? = state.withLock { state in
                if !state.waiting.isEmpty { return state.waiting.removeFirst() }
                state.idle += 1
                return nil
            }
            if let work {
                work()
                continue
            }
            available.wait()
            let ends = state.withLock { state in
                state.idle -= 1
                return state.closed && state.waiting.isEmpty
            }
            if ends { return }
        }
    }
}
