import Cluster
import Diagnostics
import Foundation
import Registry
import TestSupport
import Testing

/// At every crash point a process dies in the middle of work, another takes its place, and the history shows nothing of it.
@Suite(.serialized) struct CrashPointTests {
    private static func points(_ prefixes: String...) -> Set<CrashPoint> {
        Set(CrashPoint.allCases.filter { point in prefixes.contains { point.rawValue.hasPrefix($0) } })
    }

    private static let outage: Set<CrashPoint> = [.headOutageBegun, .headOutageOver]
    private static let schema: Set<CrashPoint> = [.storeSchemaMigrated]
    private static let model: Set<CrashPoint> = [
        .headModelRegistered, .headChunkServed, .headChunkTaken, .storeTrialsWritten, .storeVersionWritten, .storeAliasMoved,
    ]
    private static let files = points("artifact").union([.workerDatasetFetched, .workerDatasetKept, .workerArtifactPut])
    private static let command: Set<CrashPoint> = [.headOutputKept, .headCheckpointKept]
    private static let spool = points("spool")
    private static let head = points("head", "store").subtracting(outage).subtracting(schema).subtracting(model)
        .subtracting(command)
    private static let worker = points("worker").subtracting(files)

    private static func sorted(_ points: Set<CrashPoint>) -> [CrashPoint] { points.sorted { $0.rawValue < $1.rawValue } }

    @Test func `every crash point is visited by one of these tests`() {
        let groups = [Self.outage, Self.schema, Self.model, Self.files, Self.command, Self.spool, Self.head, Self.worker]
        #expect(groups.map(\.count).reduce(0, +) == CrashPoint.allCases.count)
        #expect(groups.reduce(into: Set()) { $0.formUnion($1) } == Set(CrashPoint.allCases))
        #expect(CrashPoint.allCases.count >= 40)
    }

    // MARK: - The head

    @Test(arguments: sorted(head)) func `a head dies, and another goes on with its drill`(point: CrashPoint) async throws {
        let rig = try CrashRig(point)
        do {
            try rig.cluster.addWorker()
            try rig.cluster.addWorker()
            let job = try await rig.submit("drill")
            let other = try await rig.submit("other")
            try await rig.progress(of: job, reaches: 20)
            let before = try await rig.tasks(of: job)
            rig.cluster.killHead()
            let victim = try rig.cluster.launchHead(environment: rig.environment)
            try await provoke(point, rig, other)
            try await rig.expectDeath(of: victim)
            try rig.cluster.startHead()
            try await rig.check(job, before: before)
            if point == .headJobCancelled {
                // Asked for and not acknowledged: it may have come to pass or not, but it is over now.
                _ = try await rig.client.cancel(other)
                #expect(["cancelled", "succeeded"].contains(try await rig.end(of: other).state))
            } else {
                if point == .headJobPaused { _ = try await rig.client.resume(other) }
                try await rig.check(other)
            }
            // The same key is the same job, whatever became of the first answer.
            #expect(try await rig.submit("drill") == job)
            try await rig.check(try await rig.submit("late"))
        } catch {
            await rig.close()
            throw error
        }
        await rig.close()
    }

    /// Does what brings a head to the point, if its start and its workers don't; nobody may live to answer.
    private func provoke(_ point: CrashPoint, _ rig: CrashRig, _ job: Int64) async throws {
        switch point {
        case .headJobAccepted, .headTurnAnswered, .storeJobsWritten:
            try await ask(rig) { _ = try await $0.submit(SubmitRequest(uid: "late", spec: CrashRig.drill)) }
        case .headJobPaused: try await ask(rig) { _ = try await $0.pause(job) }
        case .headJobCancelled: try await ask(rig) { _ = try await $0.cancel(job) }
        case .headStopping:
            try await ask(rig) { _ = try await $0.info() }
            rig.cluster.head.signal(SIGTERM)
        default: break
        }
    }

    /// Asks until the head has taken it, or has died of it.
    private func ask(_ rig: CrashRig, _ body: @Sendable (HeadClient) async throws -> Void) async throws {
        _ = try await eventually("the head takes what is asked of it") { () -> Bool? in
            do {
                try await body(rig.client)
                return true
            } catch {
                return isDead(rig.cluster.head) ? true : nil
            }
        }
    }

    private func isDead(_ program: Program) -> Bool { program.errorText.contains("crash point ") }

    @Test(arguments: sorted(outage)) func `a head dies in an outage of its store`(point: CrashPoint) async throws {
        let server = try PostgresServer()
        defer { server.stop() }
        let rig = try CrashRig(point, registry: server.makeDatabase())
        do {
            try rig.cluster.addWorker()
            let job = try await rig.submit("drill")
            rig.cluster.killHead()
            let victim = try rig.cluster.launchHead(environment: rig.environment)
            try await rig.progress(of: job, reaches: 20)
            try server.crash()
            if point == .headOutageOver {
                _ = try await eventually("the head has noticed that its store is away") { () -> Bool? in
                    do {
                        _ = try await rig.client.submit(SubmitRequest(uid: "probe", spec: CrashRig.drill))
                        return nil
                    } catch let error as ClientError {
                        return error.code == "E_STORE_UNAVAILABLE" ? true : nil
                    }
                }
                try server.restart()
            }
            try await rig.expectDeath(of: victim)
            if point == .headOutageBegun { try server.restart() }
            try rig.cluster.startHead()
            try await rig.check(job)
        } catch {
            await rig.close()
            throw error
        }
        await rig.close()
    }

    @Test func `a head dies while it makes its tables`() async throws {
        let rig = try CrashRig(.storeSchemaMigrated)
        do {
            rig.cluster.killHead()
            let registry = "sqlite:\(rig.cluster.home.path)/second.db"
            let victim = try rig.cluster.launchHead(registry: registry, environment: rig.environment)
            try await rig.expectDeath(of: victim)
            try rig.cluster.launchHead(registry: registry)
            try rig.cluster.addWorker()
            try await rig.check(try await rig.submit("drill"))
        } catch {
            await rig.close()
            throw error
        }
        await rig.close()
    }

    // MARK: - Models and files

    private static let study =
        TestSpecs.study(
            dataset: "market", trials: 2,
            then: TestSpecs.registering("test-ridge", promote: "  promote: {alias: champion, when: sharpe > -100}"))

    @Test(arguments: sorted(model)) func `a head dies while a model comes to it`(point: CrashPoint) async throws {
        try await runStudy(point, on: .head)
    }

    @Test(arguments: sorted(files)) func `a worker dies while it fetches data or keeps what it made`(
        point: CrashPoint
    )
        async throws
    {
        try await runStudy(point, on: .workers)
    }

    private enum Role {
        case head, workers
    }

    private func runStudy(_ point: CrashPoint, on role: Role) async throws {
        let rig = try CrashRig(point)
        do {
            try rig.cluster.bellwether("data", "synth", "--name", "market", "--symbols", "1", "--bars", "900", "--seed", "3")
            switch role {
            case .head:
                rig.cluster.killHead()
                let victim = try rig.cluster.launchHead(environment: rig.environment)
                try rig.cluster.addWorker()
                try await ask(rig) { _ = try await $0.submit(SubmitRequest(uid: "study", spec: Self.study)) }
                try await rig.expectDeath(of: victim)
                try rig.cluster.startHead()
            case .workers:
                _ = try await rig.submit("study", Self.study)
                let victim = try rig.cluster.addWorker(home: "node", environment: rig.environment)
                try await rig.expectDeath(of: victim)
                try rig.cluster.addWorker(home: "node")
            }
            try await rig.check(try await rig.submit("study", Self.study))
            // One version was registered and one promotion decided, however often it was begun.
            #expect(try await rig.client.versions(of: "test-ridge").map(\.version) == [1])
            #expect(try await rig.client.promotions(of: "test-ridge").map(\.to) == [1])
        } catch {
            await rig.close()
            throw error
        }
        await rig.close()
    }

    @Test(arguments: sorted(command)) func `a head dies while it keeps what a command wrote`(point: CrashPoint) async throws {
        let rig = try CrashRig(point)
        do {
            try rig.cluster.addWorker()
            let spec = """
                job: command
                name: crash
                command: [python3, -c, '\(Self.program)']
                tasks: 2
                retry: {maximum: 3, backoff: 10ms, limit: 10ms}
                resources: {cpu: 1, memory: 64MiB}
                """
            rig.cluster.killHead()
            let victim = try rig.cluster.launchHead(environment: rig.environment)
            try await ask(rig) { _ = try await $0.submit(SubmitRequest(uid: "command", spec: spec)) }
            try await rig.expectDeath(of: victim)
            try rig.cluster.startHead()
            try await rig.check(try await rig.submit("command", spec))
        } catch {
            await rig.close()
            throw error
        }
        await rig.close()
    }

    /// Leaves a checkpoint, says so, and writes a line.
    private static let program =
        "import os; open(os.environ[\"BELLWETHER_CHECKPOINTS\"] + \"/one\", \"w\").write(\"1\"); "
        + "os.write(int(os.environ[\"BELLWETHER_REPORT_FD\"]), b\"{\\\"checkpoint\\\": \\\"one\\\"}\\n\"); print(\"done\", flush=True)"

    // MARK: - The worker

    @Test(arguments: sorted(worker)) func `a worker dies, and its tasks run elsewhere`(point: CrashPoint) async throws {
        let rig = try CrashRig(point)
        do {
            let job = try await rig.submit("drill")
            let other = try await rig.submit("other")
            let victim = try rig.cluster.addWorker(home: "node", environment: rig.environment)
            switch point {
            case .workerStopTaken:
                try await rig.progress(of: job, reaches: 5)
                _ = try await rig.client.cancel(job)
                _ = try await rig.client.cancel(other)
            case .workerDraining, .workerLeaving:
                try await rig.progress(of: job, reaches: 5)
                victim.signal(SIGTERM)
            default: break
            }
            try await rig.expectDeath(of: victim)
            try rig.cluster.addWorker(home: "node")
            if point == .workerStopTaken {
                #expect(try await rig.end(of: job).state == "cancelled")
                try await rig.check(try await rig.submit("late"))
            } else {
                try await rig.check(job)
                try await rig.check(other)
            }
        } catch {
            await rig.close()
            throw error
        }
        await rig.close()
    }

    @Test(arguments: sorted(spool)) func `a worker dies at its spool, and no result counts twice`(
        point: CrashPoint
    )
        async throws
    {
        let rig = try CrashRig(point)
        do {
            let job = try await rig.submit("drill")
            let isLate = point == .spoolFileInherited
            var victim = try rig.cluster.addWorker(home: "node", environment: isLate ? [:] : rig.environment)
            try await rig.progress(of: job, reaches: 5)
            let before = try await rig.tasks(of: job)
            rig.cluster.killHead()
            switch point {
            case .spoolFileForgotten, .spoolFileInherited:
                // With no head to take them, results go to the disk.
                _ = try await eventually("results are on the disk") { rig.hasSpooled("node") ? true : nil }
                if isLate {
                    victim.kill()
                    victim = try rig.cluster.addWorker(home: "node", environment: rig.environment)
                }
                try rig.cluster.startHead()
                try await rig.expectDeath(of: victim)
            default:
                try await rig.expectDeath(of: victim)
                try rig.cluster.startHead()
            }
            try rig.cluster.addWorker(home: "node")
            try await rig.check(job, before: before)
            _ = try await eventually("the spool is empty") { rig.hasSpooled("node") ? nil : true }
        } catch {
            await rig.close()
            throw error
        }
        await rig.close()
    }
}
