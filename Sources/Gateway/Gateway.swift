package import Cluster
import Hummingbird
import HummingbirdCore
package import Logging
package import MarketData
import NIOCore
import NIOPosix
package import Registry
package import Scheduling
import ServiceLifecycle

/// The head's HTTP API: JSON over HTTP/1.1 on a loopback address.
package struct Gateway: Service {
    private let services: GatewayServices
    private let onBound: @Sendable (Int) async -> Void
    private let logger: Logger

    /// An API that is served by `run`, which calls `onBound` with the port it listens on. `models` is the registry with its
    /// drift reports and datasets; without `artifacts` nothing can be promoted.
    package init(
        head: any HeadService, jobs: any JobQueries, models: any ModelStore & DriftStore & DatasetStore,
        artifacts: (any ArtifactStore)?, catalogue: Catalogue, configuration: GatewayConfiguration, logger: Logger,
        onBound: @escaping @Sendable (Int) async -> Void = { _ in }
    ) {
        self.services = GatewayServices(
            head: head, jobs: jobs, models: models, artifacts: artifacts, catalogue: catalogue, configuration: configuration,
            blocking: BlockingCalls(threads: configuration.blockingThreads, queue: configuration.blockingQueue),
            uploads: Places(configuration.uploads), followers: Places(configuration.followers))
        self.onBound = onBound
        self.logger = logger
    }

    /// The same with the usual limits.
    package init(
        head: any HeadService, jobs: any JobQueries, models: any ModelStore & DriftStore & DatasetStore,
        artifacts: (any ArtifactStore)?, catalogue: Catalogue, host: String, port: Int, logger: Logger,
        onBound: @escaping @Sendable (Int) async -> Void = { _ in }
    ) {
        self.init(
            head: head, jobs: jobs, models: models, artifacts: artifacts, catalogue: catalogue,
            configuration: GatewayConfiguration(host: host, port: port), logger: logger, onBound: onBound)
    }

    /// Serves until the surrounding service group shuts down; open event streams end then. Throws `E_BIND_LOOPBACK` for
    /// an address beyond this machine, before anything is bound, and `E_BIND`.
    package func run() async throws {
        let configuration = services.configuration
        guard Loopback.isAddress(configuration.host) else { throw GatewayError.loopbackOnly(configuration.host) }
        services.blocking.start()
        // One thread reads, routes and writes; what blocks has threads of its own. A request then changes threads only for
        // the store or the head's loop.
        let threads = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let executor = EventLoopExecutor(threads.any())
        let application = Application(
            router: GatewayRouter.make(services),
            server: .http1(
                configuration: .init(
                    additionalChannelHandlers: [MalformedRequestHandler()], idleTimeout: TimeAmount(configuration.idleTimeout),
                    httpDecoderConfiguration: .init(
                        maxHeaderFieldSize: 16 << 10, maxHeaderListSize: 32 << 10, maxHeaderFieldCount: 100))),
            configuration: ApplicationConfiguration(
                address: .hostname(configuration.host, port: configuration.port),
                availableConnectionsDelegate: MaximumAvailableConnections(configuration.connections)),
            onServerRunning: { [onBound] in await onBound($0.localAddress?.port ?? configuration.port) },
            eventLoopGroupProvider: .shared(threads), logger: logger)
        defer { threads.shutdownGracefully { _ in } }
        do {
            try await withTaskExecutorPreference(executor) { try await application.run() }
            await services.blocking.stop()
        } catch {
            await services.blocking.stop()
            if let error = error as? IOError {
                throw GatewayError.cannotBind(configuration.host, configuration.port, Loopback.reason(error))
            }
            throw error
        }
    }
}
