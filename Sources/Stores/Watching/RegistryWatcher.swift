import Foundation
import Synchronization

/// Tells whoever listens that a promotion has happened, well within a second, as long as it lives.
///
/// A lost connection is made again; what was promoted in the meantime is reported then.
package final class RegistryWatcher: Sendable {
    private let core: RegistryWatcherCore

    /// `makeSource` connects; it is called again whenever the source has failed.
    init(makeSource: @escaping @Sendable () throws -> any RegistryChangeSource) throws {
        let core = try RegistryWatcherCore(makeSource: makeSource)
        self.core = core
        // A thread of its own, because it blocks; it holds the core and not the watcher, so that the watcher can go.
        let thread = Thread { core.run() }
        thread.name = "registry-watcher"
        thread.start()
    }

    deinit { stop() }

    /// Changes from now on, the state of now first. A slow listener gets the newest change only.
    package func changes() -> AsyncStream<RegistryChange> {
        let (stream, continuation) = AsyncStream.makeStream(of: RegistryChange.self, bufferingPolicy: .bufferingNewest(1))
        core.add(continuation)
        return stream
    }

    /// What keeps the watcher from seeing changes at the moment, if anything does.
    package var failure: (any Error)? { core.failure }

    /// Ends all streams.
    package func stop() { core.stop() }
}

/// The state that a watcher shares with its thread.
private final class RegistryWatcherCore: Sendable {
    private struct State {
        var known: Int64?
        var failure: (any Error)?
        var isStopped = false
        var listeners: [Int: AsyncStream<RegistryChange>.Continuation] = [:]
        var nextListener = 0
    }

    private let makeSource: @Sendable () throws -> any RegistryChangeSource
    private let state = Mutex(State())
    /// A byte in this pipe wakes the thread.
    private let wakeRead: CInt
    private let wakeWrite: CInt

    init(makeSource: @escaping @Sendable () throws -> any RegistryChangeSource) throws {
        self.makeSource = makeSource
        var ends: [CInt] = [-1, -1]
        guard pipe(&ends) == 0 else {
            throw StoreError(.unavailable, "no pipe for the registry watcher: \(String(cString: strerror(errno)))")
        }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        (wakeRead, wakeWrite) = (ends[0], ends[1])
    }

    deinit {
        close(wakeRead)
        close(wakeWrite)
    }

    var failure: (any Error)? { state.withLock { $0.failure } }

    func add(_ continuation: AsyncStream<RegistryChange>.Continuation) {
        let (number, known, isStopped) = state.withLock { state in
            state.nextListener += 1
            if !state.isStopped { state.listeners[state.nextListener] = continuation }
            return (state.nextListener, state.known, state.isStopped)
        }
        if isStopped { return continuation.finish() }
        continuation.onTermination = { [weak self] _ in self?.remove(number) }
        if let known { continuation.yield(RegistryChange(newestPromotion: known)) }
    }

    private func remove(_ number: Int) {
        _ = state.withLock { $0.listeners.removeValue(forKey: number) }
    }

    func stop() {
        let listeners = state.withLock { state in
            state.isStopped = true
            defer { state.listeners = [:] }
            return state.listeners
        }
        for listener in listeners.values { listener.finish() }
        var byte: UInt8 = 1
        _ = write(wakeWrite, &byte, 1)
    }

    func run() {
        var source: (any RegistryChangeSource)?
        var delay: CInt = 50
        while !state.withLock({ $0.isStopped }) {
            do {
                let current = try source ?? makeSource()
                source = current
                let known = state.withLock { $0.known }
                report(try current.newest(unlike: known, wake: wakeRead))
                delay = 50
            } catch {
                source = nil
                state.withLock { $0.failure = error }
                var descriptor = pollfd(fd: wakeRead, events: Int16(POLLIN), revents: 0)
                _ = poll(&descriptor, 1, delay)
                delay = min(delay * 2, 1_000)
            }
        }
    }

    private func report(_ newest: Int64) {
        let listeners = state.withLock { state in
            state.failure = nil
            guard state.known != newest else { return [:] as [Int: AsyncStream<RegistryChange>.Continuation] }
            state.known = newest
            return state.listeners
        }
        for listener in listeners.values { listener.yield(RegistryChange(newestPromotion: newest)) }
    }
}
