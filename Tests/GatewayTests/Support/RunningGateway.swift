import Cluster
import Foundation
import Gateway
import Logging
import MarketData
import Registry
import ServiceLifecycle

/// A real server on a free port with made-up stores behind it, for the length of one test.
struct RunningGateway: Sendable {
    let head: FakeHead
    let registry: FakeRegistry
    let artifacts: FileArtifactStore
    let catalogue: Catalogue
    let port: Int
    let client: HeadClient

    /// Serves, calls `body`, and shuts down gracefully; returns after the server has ended.
    static func with(
        _ adjust: (inout GatewayConfiguration) -> Void = { _ in }, _ body: (RunningGateway) async throws -> Void
    ) async throws {
        let folder = NSTemporaryDirectory() + "gateway-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        var configuration = GatewayConfiguration(port: 0)
        adjust(&configuration)
        let (head, registry) = (FakeHead(), FakeRegistry())
        let artifacts = try FileArtifactStore(root: folder)
        let catalogue = Catalogue(root: folder)
        let (ports, bound) = AsyncStream.makeStream(of: Int.self)
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let gateway = Gateway(
            head: head, jobs: head, models: registry, artifacts: artifacts, catalogue: catalogue, configuration: configuration,
            logger: logger
        ) {
            bound.yield($0)
            bound.finish()
        }
        let group = ServiceGroup(configuration: .init(services: [gateway], logger: logger))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                defer { bound.finish() }
                try await group.run()
            }
            for await port in ports {
                let client = try HeadClient(url: "http://127.0.0.1:\(port)", timeout: .seconds(20))
                let running = RunningGateway(
                    head: head, registry: registry, artifacts: artifacts, catalogue: catalogue, port: port, client: client)
                do {
                    try await body(running)
                    await client.shutdown()
                } catch {
                    await client.shutdown()
                    await group.triggerGracefulShutdown()
                    throw error
                }
                await group.triggerGracefulShutdown()
            }
            try await tasks.waitForAll()
        }
    }

    /// Sends bytes as they are and returns everything that came back until the server closed or answered in full.
    func raw(_ request: String) async throws -> RawAnswer { try await raw(Array(request.utf8)) }

    func raw(_ request: [UInt8]) async throws -> RawAnswer {
        let port = self.port
        return try await RawConnection.onThread {
            let connection = try RawConnection(port: port)
            try connection.send(request)
            return try connection.answer()
        }
    }

    /// Sends a request with the usual headers; `headers` are added, `body` is counted.
    func request(_ method: String, _ target: String, headers: [String] = [], body: String = "") async throws -> RawAnswer {
        var lines = ["\(method) \(target) HTTP/1.1", "Host: 127.0.0.1:\(port)", "Connection: close"] + headers
        if !body.isEmpty { lines.append("Content-Length: \(body.utf8.count)") }
        return try await raw(lines.joined(separator: "\r\n") + "\r\n\r\n" + body)
    }

    /// The head of a JSON request with more headers, as it is sent.
    static func head(_ method: String, _ target: String, _ headers: String...) -> String {
        (["\(method) \(target) HTTP/1.1", "Host: localhost", "Content-Type: application/json"] + headers).joined(
            separator: "\r\n")
            + "\r\n\r\n"
    }

    /// The same with a JSON body.
    func json(_ method: String, _ target: String, _ body: String) async throws -> RawAnswer {
        try await request(method, target, headers: ["Content-Type: application/json"], body: body)
    }
}
