import ArgumentParser
import Cluster
import Diagnostics
import Foundation
import Gateway
import Logging
import MarketData
import Registry
import Scheduling
import ServiceLifecycle
import Settings
import Stores
import Transport
import UnixSignals

/// `bellwether-head`: schedules jobs onto workers and keeps what came of them.
@main
struct HeadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bellwether-head", abstract: "Schedules jobs onto workers and keeps what came of them.",
        discussion: """
            Settings come from --config, then the environment (BELLWETHER_...), then these options. When it is ready it prints
            one line, `ready {"http":...,"workers":...}`, on standard output; logs go to standard error.

            EXAMPLES
              bellwether-head --local-workers 2
              bellwether-head --config cluster/head.yaml --registry postgres://bellwether@127.0.0.1:5432/bellwether
              bellwether-head --config cluster/head-2.yaml --registry postgres://... --standby
            """,
        version: CodeVersion.text)

    @Option(help: "A YAML file of settings.")
    var config: String?
    @Option(help: "The folder for datasets, artifacts and the SQLite store.")
    var home: String?
    @Option(help: "The store: sqlite:/path/store.db, postgres://... or memory:. SQLite in the home folder by default.")
    var registry: String?
    @Option(help: "Where the HTTP API listens; a loopback address.")
    var http: String?
    @Option(help: "Where workers connect; a loopback address. tcp://127.0.0.1:* takes a free port.")
    var workersEndpoint: String?
    @Option(help: "Worker processes to start on this machine, one core each.")
    var localWorkers: Int?
    @Flag(help: "Wait until the head that works on the same Postgres is gone, and take over.")
    var standby = false
    @Option(help: "Raise the term above this one: for a store that was restored from a backup.")
    var termAbove: Int64 = 0
    @Option(help: "trace, debug, info, notice, warning, error or critical.")
    var logLevel: String?
    @Option(help: .hidden)
    var exitWithParent: Int32?

    static func main() async { await runToEnd() }

    func run() async throws {
        let settings = try await loadSettings()
        var logger = Logger(label: "bellwether-head") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = try settings.choice("logLevel", default: .info)

        let place = Home.resolve(settings.string("home"))
        try place.prepare([place.datasets, place.artifacts, place.logs])
        let address = try HTTPAddress(settings.string("http") ?? "127.0.0.1:7700")
        let url = try StoreURL(settings.string("registry") ?? "sqlite:\(place.store)")
        if try settings.bool("standby", default: false) {
            let hang = try settings.int("takeoverMilliseconds", in: 1_000...600_000, default: 2_000)
            try await Standby(url: url, hangMilliseconds: Int64(hang), logger: logger).wait(on: address)
        }
        let opened = try OpenStores(
            url, role: .head,
            holder: "\(ProcessInfo.processInfo.hostName):\(ProcessInfo.processInfo.processIdentifier)")
        let stores = Head.Stores(
            journal: opened.journal, models: opened.models, artifacts: try FileArtifactStore(root: place.path),
            catalogue: Catalogue(root: place.path), attempts: AttemptStore(root: place.path))
        let transport = try ZeroMQTransport.head(listeningOn: settings.string("workersEndpoint") ?? "tcp://127.0.0.1:7701")
        let head = try Head(
            configuration: try headConfiguration(settings, cluster: opened.cluster), stores: stores, transport: transport,
            logger: logger, termAbove: termAbove)
        try head.open()

        let workers = LocalWorkers(
            count: try settings.int("localWorkers", in: 0...1_024, default: 0), endpoint: transport.endpoint, home: place.path,
            logger: logger)
        let gateway = Gateway(
            head: head, jobs: stores.journal, models: stores.models, artifacts: stores.artifacts, catalogue: stores.catalogue,
            host: address.host, port: address.port, logger: logger
        ) { port in
            let url = "http://\(address.host):\(port)"
            try? HeadRecord(url: url, pid: ProcessInfo.processInfo.processIdentifier).write(in: place)
            FileHandle.standardOutput.write(Data("ready {\"http\":\"\(url)\",\"workers\":\"\(transport.endpoint)\"}\n".utf8))
        }
        var services: [ServiceGroupConfiguration.ServiceConfiguration] = [
            .init(
                service: HeadProcess(head: head, home: place, parent: exitWithParent),
                successTerminationBehavior: .gracefullyShutdownGroup), .init(service: gateway), .init(service: workers),
        ]
        if case .postgres = url { services.append(.init(service: PresenceService(head: head, url: url, logger: logger))) }
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
        try await group.run()
    }

    private func loadSettings() async throws -> Settings {
        var arguments: [String: String] = [:]
        arguments["home"] = home
        arguments["registry"] = registry
        arguments["http"] = http
        arguments["workersEndpoint"] = workersEndpoint
        arguments["localWorkers"] = localWorkers.map { "\($0)" }
        arguments["logLevel"] = logLevel
        if standby { arguments["standby"] = "true" }
        return try await Settings(file: config, arguments: arguments)
    }

    private func headConfiguration(_ settings: Settings, cluster: String) throws -> HeadConfiguration {
        var configuration = HeadConfiguration(clusterID: cluster, codeVersion: CodeVersion.text)
        let heartbeat = try settings.int(
            "heartbeatMilliseconds", in: 50...60_000, default: Int(configuration.heartbeatMilliseconds))
        configuration.heartbeatMilliseconds = Int64(heartbeat)
        configuration.leaseMilliseconds = Int64(
            try settings.int(
                "leaseMilliseconds", in: 2 * heartbeat...600_000,
                default: max(2 * heartbeat, Int(configuration.leaseMilliseconds))))
        configuration.recoveryGraceMilliseconds = Int64(
            try settings.int(
                "recoveryGraceMilliseconds", in: 2 * heartbeat...600_000,
                default: max(2 * heartbeat, Int(configuration.recoveryGraceMilliseconds))))
        configuration.driftPollMilliseconds = try settings.int("driftPollMilliseconds", in: 50...600_000, default: 1_000)
        configuration.queues = try QueueDefinition.queues(settings: settings.strings("queues"))
        return configuration
    }
}

/// `127.0.0.1:7700` in its parts.
struct HTTPAddress {
    let host: String
    let port: Int

    init(_ text: String) throws(SettingsError) {
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]), (0...65_535).contains(port)
        else {
            throw .setting("http", "is '\(text)', not HOST:PORT", hint: "for example 127.0.0.1:7700")
        }
        self.port = port
        host = String(text[..<colon])
    }
}
