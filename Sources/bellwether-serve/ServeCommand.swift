import ArgumentParser
import Diagnostics
import Foundation
import Learning
import Logging
import NIOPosix
import Registry
import ServiceLifecycle
import Serving
import Settings
import Stores
import UnixSignals

/// `bellwether-serve`: answers predictions with the version that an alias names.
@main
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bellwether-serve", abstract: "Answers predictions with the promoted version of a model.",
        discussion: """
            Speaks the Open Inference Protocol v2 over HTTP. Settings come from --config, then the environment
            (BELLWETHER_...), then these options. When it is ready it prints one line, `ready {"http":...}`.

            EXAMPLES
              bellwether-serve --registry sqlite:$BELLWETHER_HOME/store.db --model spx-ridge --alias champion
              bellwether-serve --config cluster/serve.yaml --port 8081
            """)

    @Option(help: "A YAML file of settings.")
    var config: String?
    @Option(help: "The registry: sqlite:/path/store.db or postgres://...")
    var registry: String?
    @Option(help: "The folder that holds artifacts.")
    var home: String?
    @Option(help: "The model to serve.")
    var model: String?
    @Option(help: "The alias whose version is served.")
    var alias: String?
    @Option(help: "The loopback address to listen on.")
    var host: String?
    @Option(help: "The port; 0 takes a free one.")
    var port: Int?
    @Flag(help: "Keep a window of the rows asked about and report drift.")
    var drift = false
    @Option(help: "trace, debug, info, notice, warning, error or critical.")
    var logLevel: String?

    static func main() async { await runToEnd() }

    func run() async throws {
        let settings = try await loadSettings()
        var logger = Logger(label: "bellwether-serve") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = try settings.choice("logLevel", default: .notice)
        guard let model = settings.string("model") else {
            throw SettingsError("E_SETTING", "no model is named", place: .key("model"), hint: "--model spx-ridge")
        }
        let url = try StoreURL(settings.string("registry") ?? "sqlite:\(homePath(settings))/store.db")
        let stores = try OpenStores(url, role: .node)
        let artifacts = try FileArtifactStore(root: homePath(settings))
        let threads = NIOThreadPool(numberOfThreads: 1)
        threads.start()
        let modelHost = ModelHost(
            model: model, alias: settings.string("alias") ?? "champion", models: stores.models, artifacts: artifacts,
            threads: threads,
            logger: logger)
        var services: [ServiceGroupConfiguration.ServiceConfiguration] = []
        var window: DriftWindow?
        if try settings.bool("drift.enabled", default: false) {
            let minimum = try settings.int("drift.minimumRows", in: 10...1_000_000, default: 500)
            let kept = DriftWindow(
                capacity: try settings.int("drift.windowRows", in: minimum...1_000_000, default: max(minimum, 2_000)))
            let detector = DriftDetector(
                threshold: try settings.double("drift.threshold", in: 0.001...100, default: 0.25), minRows: minimum)
            let reporter = DriftReporter(
                host: modelHost, window: kept, detector: detector, store: stores.models,
                node: "\(ProcessInfo.processInfo.hostName):\(ProcessInfo.processInfo.processIdentifier)", threads: threads,
                logger: logger,
                now: { Int64(Date().timeIntervalSince1970 * 1_000) })
            let seconds = try settings.double("drift.reportEverySeconds", in: 0.05...86_400, default: 60)
            services.append(.init(service: BackgroundService { await reporter.run(everySeconds: seconds) }))
            window = kept
        }
        let watcher = try stores.watchRegistry()
        services.append(
            .init(
                service: BackgroundService {
                    for await _ in watcher.changes().cancelOnGracefulShutdown() { await modelHost.refresh() }
                }))
        let address = settings.string("host") ?? "127.0.0.1"
        let node = try ServingNode(
            host: modelHost, window: window, address: address, port: try settings.int("port", in: 0...65_535, default: 8_080),
            logger: logger
        ) { port in
            FileHandle.standardOutput.write(Data("ready {\"http\":\"http://\(address):\(port)\"}\n".utf8))
        }
        services.append(.init(service: node))
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
        try await group.run()
        watcher.stop()
        stores.close()
    }

    private func homePath(_ settings: Settings) -> String {
        if let home = settings.string("home") { return home }
        let environment = ProcessInfo.processInfo.environment
        if let data = environment["XDG_DATA_HOME"], data.hasPrefix("/") { return data + "/bellwether" }
        return (environment["HOME"] ?? NSHomeDirectory()) + "/.local/share/bellwether"
    }

    private func loadSettings() async throws -> Settings {
        var arguments: [String: String] = [:]
        arguments["registry"] = registry
        arguments["home"] = home
        arguments["model"] = model
        arguments["alias"] = alias
        arguments["host"] = host
        arguments["port"] = port.map { "\($0)" }
        arguments["drift.enabled"] = drift ? "true" : nil
        arguments["logLevel"] = logLevel
        return try await Settings(file: config, arguments: arguments)
    }
}
