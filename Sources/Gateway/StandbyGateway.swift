import Cluster
import Hummingbird
import HummingbirdCore
package import Logging
import NIOCore
import ServiceLifecycle

/// What a head that stands by answers: how it is, and that everything else is for the head that works.
package struct StandbyGateway: Service {
    private let host: String
    private let port: Int
    private let logger: Logger
    private let onBound: @Sendable (Int) async -> Void

    package init(host: String, port: Int, logger: Logger, onBound: @escaping @Sendable (Int) async -> Void) {
        self.host = host
        self.port = port
        self.logger = logger
        self.onBound = onBound
    }

    /// Serves until it is cancelled. Throws `E_BIND_LOOPBACK` and `E_BIND`.
    package func run() async throws {
        guard Loopback.isAddress(host) else { throw GatewayError.loopbackOnly(host) }
        let router = Router()
        router.add(middleware: Refusal())
        router.get("/v1/health") { _, _ in Response.json(HealthView(status: "standby")) }
        router.get("/v1/health/live") { _, _ in Response.json(HealthView(status: "live")) }
        let application = Application(
            router: router, configuration: ApplicationConfiguration(address: .hostname(host, port: port)),
            onServerRunning: { [onBound, port] in await onBound($0.localAddress?.port ?? port) }, logger: logger)
        do {
            try await application.run()
        } catch let error as IOError {
            throw GatewayError.cannotBind(host, port, Loopback.reason(error))
        }
    }

    /// Answers what no route does.
    private struct Refusal: RouterMiddleware {
        func handle(
            _ request: Request, context: BasicRequestContext,
            next: @concurrent (Request, BasicRequestContext) async throws -> Response
        ) async throws -> Response {
            do {
                return try await next(request, context)
            } catch let error as HTTPError where error.status == .notFound {
                let view = ErrorView(
                    code: "E_STANDBY", message: "this head stands by while another one works",
                    hint: "name both heads, separated by a comma")
                return Response.json(
                    ErrorsView(errors: [view]), status: .serviceUnavailable, headers: [.retryAfter: "1"])
            }
        }
    }
}
