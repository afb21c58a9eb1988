import ArgumentParser
import Cluster
import Diagnostics
import Foundation
import Glibc
import Logging
import Scheduling
import ServiceLifecycle
import Settings
import Transport
import UnixSignals
import Workloads

/// `bellwether-worker`: runs tasks for a head.
@main
struct WorkerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bellwether-worker", abstract: "Runs tasks for a head.",
        discussion: """
            Settings come from --config, then the environment (BELLWETHER_...), then these options.

            EXAMPLES
              bellwether-worker --head tcp://127.0.0.1:7701
              bellwether-worker --config cluster/worker.yaml --cpu 2
              bellwether-worker --head tcp://127.0.0.1:7701 --gpu 1 --resource licence=2 --label zone=a
            """,
        version: CodeVersion.text)

    @Option(help: "A YAML file of settings.")
    var config: String?
    @Option(help: "Where the head listens for workers, such as tcp://127.0.0.1:7701; several heads separated by commas.")
    var head: String?
    @Option(help: "The folder for cached datasets and artifacts.")
    var home: String?
    @Option(help: "Cores to offer; a fraction is fine. All of the machine's by default.")
    var cpu: Double?
    @Option(help: "Memory to offer, in MiB. All of the machine's by default.")
    var memory: Int?
    @Option(help: "Whole GPUs to offer; none by default. With CUDA_VISIBLE_DEVICES set, the first of those.")
    var gpu: Int?
    @Option(help: "A resource under a name of your own to offer, such as licence=2; may be repeated.")
    var resource: [String] = []
    @Option(help: "A label for jobs to ask for, such as zone=a; may be repeated.")
    var label: [String] = []
    @Option(help: "trace, debug, info, notice, warning, error or critical.")
    var logLevel: String?
    @Option(help: .hidden)
    var exitWithParent: Int32?

    static func main() async { await runToEnd() }

    func run() async throws {
        Threads.keepOpenBLASToOne()
        // While the process is small: the keeper is a copy of it.
        _ = ProcessKeeper.shared
        var arguments: [String: String] = [:]
        arguments["home"] = home
        arguments["cpu"] = cpu.map { "\($0)" }
        arguments["memory"] = memory.map { "\($0)" }
        arguments["gpu"] = gpu.map { "\($0)" }
        arguments["logLevel"] = logLevel
        let settings = try await Settings(file: config, arguments: arguments)
        var logger = Logger(label: "bellwether-worker") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = try settings.choice("logLevel", default: .info)

        let machine = ProcessInfo.processInfo
        let cores = try settings.double("cpu", in: 0.001...10_000, default: Double(machine.activeProcessorCount))
        let mebibytes = try settings.int("memory", in: 1...1_000_000_000, default: Int(machine.physicalMemory >> 20))
        let gpus = try settings.int("gpu", in: 0...16, default: 0)
        let others = try CapacitySetting.others(resource.isEmpty ? settings.strings("resources") : resource)
        let place = Home.resolve(settings.string("home"))
        try place.prepare([place.workerCache])
        // The settings take a comma on a command line for two values, so several heads are read directly.
        guard let endpoint = head ?? settings.string("workersEndpoint") else {
            throw SettingsError(
                "E_SETTING", "no head is named", place: .key("workersEndpoint"), hint: "--head tcp://127.0.0.1:7701")
        }
        var configuration = WorkerConfiguration(
            bootID: UUID().uuidString.lowercased(), host: machine.hostName, processID: Int64(machine.processIdentifier),
            capacity: Resources(
                milliCPU: Int64((cores * 1_000).rounded()), memory: Int64(mebibytes) << 20, milliGPU: Int64(gpus) * 1_000,
                others: others),
            cacheFolder: place.workerCache, spoolFolder: place.workerSpool, codeVersion: CodeVersion.text,
            spoolLimit: Int64(try settings.int("spoolMebibytes", in: 1...1_048_576, default: 1_024)) << 20)
        configuration.labels = try CapacitySetting.labels(label.isEmpty ? settings.strings("labels") : label)
        configuration.address = settings.string("address") ?? configuration.address
        guard WorkerConfiguration.isAddress(configuration.address) else {
            throw SettingsError(
                "E_SETTING", "address is no host's name or number", place: .key("address"), hint: "for example: 10.0.0.7")
        }
        let worker = try Worker(
            configuration: configuration, transport: ZeroMQTransport.worker(connectingTo: endpoint), runner: WorkloadRunner(),
            logger: logger)
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [
                    .init(
                        service: WorkerService(worker: worker, parent: exitWithParent),
                        successTerminationBehavior: .gracefullyShutdownGroup)
                ],
                gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
        try await group.run()
    }
}

/// Runs the worker; drains it when the process is asked to stop, and stops it when its parent is gone.
private struct WorkerService: Service {
    let worker: Worker
    let parent: Int32?

    func run() async throws {
        let watch = parent.map { parent in
            Task {
                while getppid() == parent {
                    do { try await Task.sleep(for: .milliseconds(500)) } catch { return }
                }
                worker.stop()
            }
        }
        defer { watch?.cancel() }
        try await withGracefulShutdownHandler {
            try await worker.run()
        } onGracefulShutdown: {
            worker.drain()
        }
    }
}
