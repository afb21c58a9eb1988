import ServiceLifecycle

/// Runs a task that never ends by itself as a service: cancelled when the process shuts down.
struct BackgroundService: Service {
    let body: @Sendable () async -> Void

    init(_ body: @escaping @Sendable () async -> Void) { self.body = body }

    func run() async throws {
        await cancelWhenGracefulShutdown { await body() }
        // The work is over only because the process is; a service that returns early would take it down.
        try? await gracefulShutdown()
    }
}
