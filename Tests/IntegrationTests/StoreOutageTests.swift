import Cluster
import Foundation
import TestSupport
import Testing

/// Real heads and workers whose store goes away in the middle of a job: nothing acknowledged is lost, nothing counts twice,
/// and callers get their answer at once.
@Suite(.serialized) struct StoreOutageTests {
    private static let tasks = 600

    /// Long enough to be hit in the middle.
    private static func drill(_ tasks: Int = tasks) -> String {
        "job: drill\nname: outage\ntasks: \(tasks)\nwork: {kind: sleep, duration: 10ms}\nresources: {cpu: 1, memory: 1MiB}\n"
    }

    /// Submits a drill, takes the store away once it is well under way, calls `during`, brings the store back, and checks
    /// that everything landed once.
    private func survive(
        _ cluster: TestCluster, away: () throws -> Void, back: () throws -> Void,
        during: (HeadClient) async throws -> Void = refused
    ) async throws {
        try cluster.addWorker()
        try cluster.addWorker()
        try await cluster.withClient { client in
            let job = try await client.submit(SubmitRequest(uid: "outage", spec: Self.drill())).job
            _ = try await eventually("the drill is under way") {
                try await client.job(job.id).progress?.finished ?? 0 >= 50 ? true : nil
            }
            try away()
            do {
                try await during(client)
            } catch {
                try back()
                throw error
            }
            try back()
            let end = try await eventually("the drill has ended") { () -> JobView? in
                let view = try? await client.job(job.id)
                return view?.hasEnded == true ? view : nil
            }
            #expect(end.state == "succeeded" && end.result?.tasks == Self.tasks && end.result?.failed == 0)
            try await checkTasks(of: job.id, client)
            #expect(try await client.submit(SubmitRequest(uid: "outage", spec: Self.drill())).job.id == job.id)
        }
    }

    /// Every task has one result, and no worker ran more than it is on record with: nothing was run again.
    private func checkTasks(of job: Int64, _ client: HeadClient) async throws {
        var tasks: [TaskView] = []
        while true {
            let page = try await client.tasks(of: job, after: tasks.last?.index, limit: 1_000)
            if page.tasks.isEmpty { break }
            tasks += page.tasks
        }
        #expect(tasks.map(\.index) == Array(0..<Int32(Self.tasks)))
        // A submission that met the store's end was not acknowledged, and may have been taken all the same.
        let recorded = try await eventually("all jobs have ended") { () -> UInt64? in
            let jobs = try await client.jobs(limit: 100).jobs
            return jobs.allSatisfy(\.hasEnded) ? jobs.reduce(0) { $0 + UInt64($1.result?.tasks ?? 0) } : nil
        }
        // Told by heartbeats, a little later than the results.
        let ran = try await eventually("the workers have told \(recorded) executions") { () -> UInt64? in
            let told = try await client.workers().reduce(0) { $0 + $1.finished }
            return told >= recorded ? told : nil
        }
        #expect(ran == recorded)
    }

    /// While the store is away a submission is refused within two seconds, with a code, a hint and a time to come back.
    private static func refused(_ patient: HeadClient) async throws {
        // A client that takes no answer for two seconds as none.
        let client = try HeadClient(url: patient.url, timeout: .seconds(2))
        defer { Task { await client.shutdown() } }
        let refusal = try await eventually("a submission is refused") { () -> ClientError? in
            do {
                _ = try await client.submit(SubmitRequest(uid: UUID().uuidString, spec: drill(1)))
                return nil
            } catch let error as ClientError {
                return error
            }
        }
        #expect(refusal.status == 503)
        #expect(["E_STORE_UNAVAILABLE", "E_DB_UNAVAILABLE", "E_DB_FULL", "E_DB_READ_ONLY"].contains(refusal.code))
        // The head itself is alive and keeps its workers.
        #expect(try await client.info().workers == 2)
    }

    @Test("Postgres stopped at once in the middle of a job, and started again")
    func serverStopped() async throws {
        let server = try PostgresServer()
        defer { server.stop() }
        let cluster = try TestCluster(registry: server.makeDatabase())
        defer { cluster.stop() }
        try await survive(cluster, away: server.crash, back: server.restart)
    }

    @Test("The connections to Postgres cut in the middle of a job")
    func connectionsCut() async throws {
        let server = try PostgresServer.shared()
        let database = try server.makeDatabase()
        let cluster = try TestCluster(registry: database)
        defer { cluster.stop() }
        try await survive(
            cluster, away: { for _ in 0..<20 { try server.killConnections(to: database) } }, back: {}, during: { _ in })
    }

    @Test("No connection to be had: the head's are cut, and the server takes no more")
    func noConnections() async throws {
        let server = try PostgresServer.shared()
        try server.run("CREATE ROLE bellwether LOGIN")
        let database = try server.makeDatabase()
        let name = try #require(database.split(separator: "/").last.map(String.init))
        try server.run("ALTER DATABASE \(name) OWNER TO bellwether")
        let cluster = try TestCluster(registry: database.replacingOccurrences(of: "postgres@", with: "bellwether@"))
        defer { cluster.stop() }
        // The answer is the same (SQLSTATE 53300) when a role has used up its connections and when the server has.
        try await survive(
            cluster,
            away: {
                try server.run("ALTER ROLE bellwether CONNECTION LIMIT 0")
                try server.killConnections(to: database)
            }, back: { try server.run("ALTER ROLE bellwether CONNECTION LIMIT -1") })
    }

    @Test("Postgres made read-only in the middle of a job")
    func readOnly() async throws {
        let server = try PostgresServer()
        defer { server.stop() }
        let cluster = try TestCluster(registry: server.makeDatabase())
        defer { cluster.stop() }
        func set(_ value: String) throws {
            try server.run("ALTER SYSTEM SET default_transaction_read_only = \(value)")
            try server.run("SELECT pg_reload_conf()")
        }
        try await survive(
            cluster, away: { try set("on") },
            back: { try set("off") })
    }

    @Test("Connections to Postgres that fall silent in the middle of a job")
    func serverSilent() async throws {
        let server = try PostgresServer.shared()
        let database = try server.makeDatabase()
        let name = try #require(database.split(separator: "/").last)
        let cluster = try TestCluster(registry: database)
        defer { cluster.stop() }
        func backends() throws -> [pid_t] {
            try server.run("SELECT pid FROM pg_stat_activity WHERE datname = '\(name)' AND pid <> pg_backend_pid()")
                .split(separator: "\n").compactMap { pid_t($0) }
        }
        var silent: [pid_t] = []
        try await survive(
            cluster,
            away: {
                silent = try backends()
                for process in silent { kill(process, SIGSTOP) }
            }, back: { for process in silent { kill(process, SIGCONT) } },
            during: { client in
                _ = try await eventually("the head has noticed") { () -> Bool? in
                    try await client.info().workers == 2 ? true : nil
                }
            })
    }

    @Test("A full disk under SQLite in the middle of a job")
    func diskFull() async throws {
        let disk = try SmallDisk(mebibytes: 8)
        defer { disk.remove() }
        let cluster = try TestCluster(registry: "sqlite:\(disk.path)/store.db")
        defer { cluster.stop() }
        try await survive(
            cluster, away: { try disk.fill(for: cluster.head.processID) }, back: { try disk.free(for: cluster.head.processID) })
    }
}
