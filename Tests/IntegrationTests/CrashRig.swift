import Cluster
import Diagnostics
import Foundation
import TestSupport

/// A cluster one of whose processes is told to die at a crash point, and what its history must show afterwards.
struct CrashRig {
    let cluster: TestCluster
    let point: CrashPoint
    let client: HeadClient

    /// 300 tasks of 5 ms, which any worker runs and which tell when one of them was run twice to an end.
    static let tasks = 300
    static let drill =
        "job: drill\nname: crash\ntasks: \(tasks)\nwork: {kind: sleep, duration: 5ms}\nresources: {cpu: 1, memory: 1MiB}\n"
        + "retry: {maximum: 3, backoff: 10ms, limit: 10ms}\n"

    var environment: [String: String] { [CrashPoint.variable: point.rawValue] }

    init(_ point: CrashPoint, registry: String? = nil) throws {
        self.point = point
        cluster = try TestCluster(registry: registry)
        client = try HeadClient(url: cluster.url)
    }

    /// Waits until the process has died where it was told to.
    func expectDeath(of program: Program) async throws {
        let end = Task.detached { program.wait() }
        let limit = Task {
            try await Task.sleep(for: .seconds(45))
            program.signal(SIGTERM)
        }
        let result = await end.value
        limit.cancel()
        guard result.status == 128 + SIGKILL, result.errors.contains("crash point \(point.rawValue)\n") else {
            throw Program.Failure(
                description:
                    "\(program.name) did not come to \(point): it ended with \(result.status): \(result.errors.suffix(2_000))"
            )
        }
    }

    /// Submits, and again until somebody answers; the same key is the same job.
    func submit(_ uid: String, _ spec: String = drill) async throws -> Int64 {
        try await eventually("job \(uid) is accepted") {
            try? await client.submit(SubmitRequest(uid: uid, spec: spec)).job.id
        }
    }

    /// Waits until at least `count` of the job's tasks are over.
    func progress(of job: Int64, reaches count: Int) async throws {
        _ = try await eventually("\(count) tasks of job \(job) are over") { () -> Bool? in
            guard let view = try? await client.job(job) else { return nil }
            return view.hasEnded || view.progress?.finished ?? 0 >= count ? true : nil
        }
    }

    func end(of job: Int64) async throws -> JobView {
        try await eventually("job \(job) has ended") { () -> JobView? in
            guard let view = try? await client.job(job), view.hasEnded else { return nil }
            return view
        }
    }

    /// The history of a job that was disturbed: it succeeded, each task has one end, and what had ended before kept its attempt.
    func check(_ job: Int64, before: [TaskView] = []) async throws {
        let view = try await end(of: job)
        guard view.state == "succeeded", view.result?.failed == 0 else {
            throw Program.Failure(description: "job \(job) \(view.state): \(String(describing: view.error))")
        }
        let after = try await tasks(of: job)
        let indices = after.map(\.index)
        guard indices == (0..<Int32(indices.count)).map({ $0 }), indices.count == view.result?.tasks else {
            throw Program.Failure(description: "job \(job) has \(view.result?.tasks ?? 0) tasks, and results of \(indices)")
        }
        let attempts = Dictionary(uniqueKeysWithValues: after.map { ($0.index, $0.attempt) })
        for task in before where attempts[task.index] != task.attempt {
            throw Program.Failure(description: "task \(task.index) had ended, and was run again: \(task)")
        }
    }

    func tasks(of job: Int64) async throws -> [TaskView] {
        var all: [TaskView] = []
        while true {
            let page = try await client.tasks(of: job, after: all.last?.index).tasks
            if page.isEmpty { return all }
            all += page
        }
    }

    /// Whether results are on the disk of the worker in that folder.
    func hasSpooled(_ folder: String) -> Bool {
        let files = FileManager.default.enumerator(atPath: cluster.home.path + "/" + folder + "/worker/spool")
        return files?.contains { ($0 as? String)?.hasSuffix(".reports") == true } ?? false
    }

    func close() async {
        await client.shutdown()
        cluster.stop()
    }
}
