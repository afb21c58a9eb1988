import Cluster
import Foundation
import TestSupport
import Testing

/// Two real heads on one Postgres.
@Suite(.serialized) struct StandbyTests {
    private static let tasks = 4
    private static let spec =
        "job: drill\nname: standby\ntasks: \(tasks)\nwork: {kind: sleep, duration: 6s}\nresources: {cpu: 1, memory: 1MiB}\n"

    private struct Address: Decodable {
        var http: String
        var workers: String?
    }

    /// A second head that waits; returns its HTTP address as soon as it says that it does.
    private func standby(_ cluster: TestCluster, workers: String) throws -> (Program, String) {
        let file = try cluster.home.write(
            "standby.yaml",
            "heartbeatMilliseconds: 200\nleaseMilliseconds: 2000\nrecoveryGraceMilliseconds: 2000\nstandby: true\n")
        let port = try FreePort.find()
        let head = try Program(
            "bellwether-head",
            [
                "--config", file, "--home", cluster.home.path, "--registry", cluster.registry, "--http", "127.0.0.1:\(port)",
                "--workers-endpoint", workers,
            ])
        let told = try JSONDecoder().decode(Address.self, from: Data(head.line(beginningWith: "standby ").utf8))
        return (head, told.http)
    }

    /// A job runs on a head that goes away by `end`, and ends under the one that stood by: same attempts, each run once.
    private func takesOver(end: (TestCluster) throws -> Void, after: (TestCluster) async throws -> Void) async throws {
        let server = try PostgresServer.shared()
        let cluster = try TestCluster(registry: server.makeDatabase())
        defer { cluster.stop() }
        let second = "tcp://127.0.0.1:\(try FreePort.find())"
        let (standby, url) = try standby(cluster, workers: second)
        try cluster.addWorker(endpoint: "\(cluster.endpoint),\(second)", cores: Self.tasks)
        // A client that knows both, and asks the one that stands by first.
        let client = try HeadClient(url: "\(url),\(cluster.url)")
        defer { Task { await client.shutdown() } }
        let waiting = try HeadClient(url: url)
        defer { Task { await waiting.shutdown() } }
        #expect(try await waiting.health() == "standby")
        do {
            _ = try await waiting.info()
            Issue.record("a head that stands by answered")
        } catch let error as ClientError {
            #expect(error.code == "E_STANDBY" && error.status == 503)
        }
        let job = try await client.submit(SubmitRequest(uid: "standby", spec: Self.spec)).job
        _ = try await eventually("all tasks run") { try await client.job(job.id).progress?.assigned == Self.tasks ? true : nil }

        try end(cluster)
        _ = try standby.line(beginningWith: "ready ")
        #expect(try await waiting.health() == "active")
        let info = try await eventually("the worker has found the second head") { () -> InfoView? in
            let info = try? await waiting.info()
            return info?.workers == 1 ? info : nil
        }
        #expect(info.term == 2)
        // The job is known under its key, and ends with the attempts that ran all along.
        #expect(try await client.submit(SubmitRequest(uid: "standby", spec: Self.spec)).job.id == job.id)
        let view = try await eventually("the job has ended") { () -> JobView? in
            let view = try await client.job(job.id)
            return view.hasEnded ? view : nil
        }
        #expect(view.state == "succeeded" && view.result?.tasks == Self.tasks)
        let tasks = try await client.tasks(of: job.id).tasks
        #expect(tasks.count == Self.tasks && tasks.allSatisfy { $0.attempt?.hasPrefix("1.") == true }, "\(tasks)")
        let finished = try await eventually("the worker has told what it ran") { () -> UInt64? in
            let told = try await waiting.workers().first?.finished ?? 0
            return told >= Self.tasks ? told : nil
        }
        #expect(finished == Self.tasks)
        try await after(cluster)
        standby.stop()
    }

    @Test("The first head is killed: the second takes over, and what runs goes on running")
    func killed() async throws {
        try await takesOver(end: { $0.killHead() }, after: { _ in })
    }

    @Test("The first head hangs: the second takes over, and the first writes nothing more and ends when it wakes up")
    func stopped() async throws {
        try await takesOver(
            end: { $0.head.signal(SIGSTOP) },
            after: { cluster in
                cluster.head.signal(SIGCONT)
                let result = cluster.head.wait()
                #expect(result.status == 5, "\(result.errors)")
                #expect(result.errors.contains("E_FENCED_HEAD"), "\(result.errors)")
            })
    }

    @Test("A head can stand by on Postgres only")
    func refusedOnSQLite() throws {
        let home = try TemporaryHome()
        let result = try Program.run("bellwether-head", ["--home", home.path, "--http", "127.0.0.1:0", "--standby"])
        #expect(result.status == 2)
        #expect(result.errors.contains("E_STANDBY_STORE"), "\(result.errors)")
    }

    @Test("A store restored from an older backup is refused by workers until its term is raised above theirs")
    func restoredBackup() async throws {
        let server = try PostgresServer.shared()
        let cluster = try TestCluster(registry: server.makeDatabase())
        defer { cluster.stop() }
        let name = try #require(cluster.registry.split(separator: "/").last.map(String.init))
        for _ in 0..<3 { try cluster.crashAndRestartHead() }
        let worker = try cluster.addWorker()
        try await cluster.withClient { client in
            _ = try await eventually("the worker is there") { try await client.workers().count == 1 ? true : nil }
            cluster.killHead()
            // As the dump of an hour ago has it.
            try server.run("UPDATE bellwether.head_lease SET term = 1", database: name)
            try cluster.startHead()
            _ = try await eventually("the worker has refused the head") { worker.errorText.contains("E_TERM_STALE") ? true : nil }
            #expect(try await client.workers().isEmpty)
            cluster.killHead()
            try cluster.startHead(["--term-above", "4"])
            _ = try await eventually("the worker is there") { try await client.workers().count == 1 ? true : nil }
            #expect(try await client.info().term == 5)
        }
    }
}
