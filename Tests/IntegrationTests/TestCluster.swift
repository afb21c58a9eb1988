import Cluster
import Foundation
import TestSupport

/// A head with its workers as real processes on free ports, all stopped when the test is over.
// Unchecked because a test uses it from one task at a time.
final class TestCluster: @unchecked Sendable {
    private struct Ready: Decodable {
        var http: String
        var workers: String
    }

    let home: TemporaryHome
    let registry: String
    private(set) var head: Program
    private(set) var url: String
    private(set) var endpoint: String
    private(set) var workers: [Program] = []
    private let configuration: String

    /// Starts a head on `registry` (SQLite in the home by default) with `localWorkers` and the settings in the file
    /// `configuration`; by default short times and `settings`.
    init(registry: String? = nil, localWorkers: Int = 0, settings: [String] = [], configuration: String? = nil) throws {
        home = try TemporaryHome()
        self.registry = registry ?? "sqlite:\(home.path)/store.db"
        let times = ["heartbeatMilliseconds: 200", "leaseMilliseconds: 2000", "recoveryGraceMilliseconds: 1000"]
        self.configuration =
            try configuration ?? home.write("head.yaml", (times + settings).joined(separator: "\n") + "\n")
        (head, url, endpoint) = try Self.startHead(
            home, self.registry, http: "127.0.0.1:0", workers: "tcp://127.0.0.1:*", localWorkers, self.configuration)
    }

    /// Starts a head on the same ports as the one before it, which has ended, without waiting until it is ready: it may not
    /// live so long.
    @discardableResult
    func launchHead(registry: String? = nil, environment: [String: String] = [:]) throws -> Program {
        head = try Program(
            "bellwether-head",
            [
                "--config", configuration, "--home", home.path, "--registry", registry ?? self.registry, "--http",
                String(url.dropFirst("http://".count)), "--workers-endpoint", endpoint, "--local-workers", "0",
            ], environment: environment)
        return head
    }

    private static func startHead(
        _ home: TemporaryHome, _ registry: String, http: String, workers: String, _ localWorkers: Int,
        _ configuration: String, _ options: [String] = []
    ) throws -> (Program, String, String) {
        let head = try Program(
            "bellwether-head",
            [
                "--config", configuration, "--home", home.path, "--registry", registry, "--http", http, "--workers-endpoint",
                workers, "--local-workers", "\(localWorkers)",
            ] + options)
        let ready = try JSONDecoder().decode(Ready.self, from: Data(head.line(beginningWith: "ready ").utf8))
        return (head, ready.http, ready.workers)
    }

    /// Starts a worker process of its own, which knows the heads at `endpoint` (this one by default).
    @discardableResult
    func addWorker(
        endpoint: String? = nil, cores: Int = 1, home name: String? = nil, environment: [String: String] = [:]
    ) throws -> Program {
        let worker = try Program(
            "bellwether-worker",
            [
                "--head", endpoint ?? self.endpoint, "--home", home.path + "/" + (name ?? "worker-\(workers.count)"), "--cpu",
                "\(cores)",
            ], environment: environment)
        workers.append(worker)
        return worker
    }

    /// Kills the head as a crash would, and starts another on the same store and ports.
    func crashAndRestartHead() throws {
        killHead()
        try startHead()
    }

    func killHead() { head.kill() }

    /// Starts a head on the same store and ports as the one before it, which has ended.
    func startHead(_ options: [String] = []) throws {
        (head, url, endpoint) = try Self.startHead(
            home, registry, http: String(url.dropFirst("http://".count)), workers: endpoint, 0, configuration, options)
    }

    /// Runs the command line against this head; throws with its errors unless it ends with 0.
    @discardableResult
    func bellwether(_ arguments: String...) throws -> String { try bellwether(arguments) }

    @discardableResult
    func bellwether(_ arguments: [String]) throws -> String {
        let result = try Program.run("bellwether", arguments + ["--home", home.path], environment: ["BELLWETHER_HEAD": url])
        guard result.status == 0 else {
            throw Program.Failure(
                description:
                    "bellwether \(arguments.joined(separator: " ")) ended with \(result.status): \(result.errors)\(result.output)"
            )
        }
        return result.output
    }

    /// Runs `body` with a client of this head, and closes it whatever happens.
    func withClient<Value>(_ body: (HeadClient) async throws -> Value) async throws -> Value {
        let client = try HeadClient(url: url)
        do {
            let value = try await body(client)
            await client.shutdown()
            return value
        } catch {
            await client.shutdown()
            throw error
        }
    }

    func stop() {
        for worker in workers { worker.kill() }
        head.stop()
    }
}
