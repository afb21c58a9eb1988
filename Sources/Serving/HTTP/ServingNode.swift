import Diagnostics
import Hummingbird
package import Logging
import NIOCore
import ServiceLifecycle

/// The HTTP side of a serving node, as a service.
package struct ServingNode: Service {
    private let host: ModelHost
    private let window: DriftWindow?
    private let address: String
    private let port: Int
    private let logger: Logger
    private let onReady: @Sendable (Int) -> Void

    /// Listens on a loopback address; `onReady` is told the real port. Throws `E_BIND_LOOPBACK`.
    package init(
        host: ModelHost, window: DriftWindow?, address: String, port: Int, logger: Logger,
        onReady: @escaping @Sendable (Int) -> Void
    ) throws(ServingError) {
        guard address == "127.0.0.1" || address == "localhost" || address == "::1" else {
            throw ServingError(
                "E_BIND_LOOPBACK", "\(address) is not a loopback address, and requests are not authenticated yet",
                hint: "listen on 127.0.0.1 and put a proxy in front", category: .refused)
        }
        self.host = host
        self.window = window
        self.address = address
        self.port = port
        self.logger = logger
        self.onReady = onReady
    }

    package func run() async throws {
        await host.refresh()
        let onReady = onReady
        let application = Application(
            router: ServingRoutes(host: host, window: window).build(),
            configuration: .init(address: .hostname(address, port: port), serverName: "bellwether"),
            onServerRunning: { channel in onReady(channel.localAddress?.port ?? 0) }, logger: logger)
        try await application.run()
    }
}
