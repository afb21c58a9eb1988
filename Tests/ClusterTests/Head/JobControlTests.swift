import Diagnostics
import Foundation
import Scheduling
import Stores
import Testing

@testable import Cluster

/// What users ask of jobs while they run, and what specs say of their order and limits.
@Suite(.timeLimit(.minutes(1))) struct JobControlTests {
    private func code(_ body: () async throws -> Void) async -> String? {
        do {
            try await body()
            return nil
        } catch {
            return (error as? any DiagnosticError)?.code
        }
    }

    @Test func `a paused job starts nothing more, also after a restart, and goes on when it is resumed`() async throws {
        let cluster = try TestCluster()
        let first = try cluster.head()
        let runner = FakeRunner { _, _ in .wait }
        let worker = try cluster.worker(runner)
        let job = try await first.submit("one", tasks: 12, more: "maxRunning: 2\n")
        await runner.begin(2)
        #expect(try await first.head.control(JobID(job.id), .pause).paused == true)
        #expect(try await first.head.explain(JobID(job.id)).reasons.prefix(2).map(\.reason) == ["paused", "runningLimit"])
        try await first.stop()
        let second = try cluster.head()
        #expect(try second.head.view(of: JobID(job.id))?.paused == true)
        runner.open()
        // Those that ran report to the new head; no other begins.
        var view = try #require(try second.head.view(of: JobID(job.id)))
        for await next in second.head.follow(JobID(job.id)) {
            view = next
            if view.progress?.finished == 2 { break }
        }
        #expect(view.paused == true && runner.executions.count == 2)
        #expect(try await second.head.control(JobID(job.id), .resume).paused == nil)
        #expect(try await second.end(of: job).state == "succeeded")
        #expect(runner.executions.count == 12 && runner.executions.values.allSatisfy { $0 == 1 })
        try await worker.stop()
        try await second.stop()
    }

    @Test func `a job waits for those it depends on, and is cancelled when one of them fails`() async throws {
        let cluster = try TestCluster()
        let head = try cluster.head()
        let runner = FakeRunner { index, _ in index == 0 ? .wait : index == 7 ? .fail(retryable: false) : .succeed }
        func submit(_ name: String, tasks: Int, after: String = "[]") async throws -> JobView {
            let spec = RunningHead.drill(tasks: tasks).replacing("name: d", with: "name: \(name)\ndependsOn: \(after)")
            return try await head.head.submit(SubmitRequest(uid: name, spec: spec)).view
        }
        #expect(await code { _ = try await submit("b", tasks: 1, after: "[a]") } == "E_DEPENDS_UNKNOWN")
        let a = try await submit("a", tasks: 2)
        let b = try await submit("b", tasks: 3, after: "[a]")
        let c = try await submit("c", tasks: 8, after: "[b]")
        let d = try await submit("d", tasks: 1, after: "[a, c]")
        let worker = try cluster.worker(runner)
        await runner.begin(2)
        #expect(try await head.head.explain(JobID(b.id)).reasons.first?.reason == "jobs")
        runner.open()
        #expect(try await head.end(of: a).state == "succeeded")
        #expect(try await head.end(of: b).state == "succeeded")
        #expect(try await head.end(of: c).state == "failed")
        let end = try await head.end(of: d)
        #expect(end.state == "cancelled" && end.error?.code == "E_DEPENDENCY")
        #expect(end.error?.message.contains("job \(c.id)") == true)
        #expect(await code { _ = try await submit("e", tasks: 1, after: "[c]") } == "E_DEPENDS_FAILED")
        // What has succeeded already is waited for no more.
        #expect(try await head.end(of: submit("f", tasks: 1, after: "[a, b]")).state == "succeeded")
        try await worker.stop()
        try await head.stop()
    }

    @Test func `a job that waited is released by the head that starts next`() async throws {
        let cluster = try TestCluster()
        let first = try cluster.head()
        let runner = FakeRunner { _, _ in .wait }
        let worker = try cluster.worker(runner)
        let a = try await first.submit("a", tasks: 1)
        let spec = RunningHead.drill(tasks: 1, more: "dependsOn: [d]\n").replacing("name: d", with: "name: later")
        let b = try await first.head.submit(SubmitRequest(uid: "b", spec: spec)).view
        await runner.begin(1)
        try await first.stop()
        let second = try cluster.head()
        runner.open()
        #expect(try await second.end(of: a).state == "succeeded")
        #expect(try await second.end(of: b).state == "succeeded")
        try await worker.stop()
        try await second.stop()
    }

    @Test func `one task, and all jobs with a label, can be cancelled`() async throws {
        let cluster = try TestCluster()
        let head = try cluster.head()
        let runner = FakeRunner { index, _ in index == 1 ? .sleep : .succeed }
        let job = try await head.submit("one", tasks: 3)
        let worker = try cluster.worker(runner)
        await runner.begin(2)
        #expect(await code { _ = try await head.head.control(JobID(job.id), .cancelTask(3)) } == "E_TASK_UNKNOWN")
        _ = try await head.head.control(JobID(job.id), .cancelTask(1))
        let end = try await head.end(of: job)
        #expect(end.state == "failed" && end.error?.code == "E_CANCELLED" && end.result?.failed == 1)

        let label = try #require(JobLabel("team=alpha"))
        let ours = try await head.submit("ours", tasks: 2, more: "labels: {team: alpha}\n")
        let theirs = try await head.submit("theirs", tasks: 1, more: "labels: {team: beta}\n")
        #expect(try await head.head.cancel(labelled: label) == [JobID(ours.id)])
        #expect(try await head.end(of: ours).state == "cancelled")
        #expect(try await head.end(of: theirs).state == "succeeded")
        try await worker.stop()
        try await head.stop()
    }

    @Test func `an error that the spec names is not tried again`() async throws {
        let cluster = try TestCluster()
        let head = try cluster.head()
        let runner = FakeRunner { _, _ in .fail(retryable: true) }
        let worker = try cluster.worker(runner)
        let spec = RunningHead.drill(tasks: 1).replacing("limit: 10ms", with: "limit: 10ms, never: [E_OTHER, E_FAKE]")
        let end = try await head.end(of: head.head.submit(SubmitRequest(uid: "never", spec: spec)).view)
        #expect(end.error?.code == "E_FAKE" && runner.executions == [0: 1])
        try await worker.stop()
        try await head.stop()
    }

    @Test func `a queue that is not there and a time that is past are refused at submit`() async throws {
        let head = try TestCluster().head()
        #expect(await code { _ = try await head.submit("q", more: "queue: research\n") } == "E_QUEUE_UNKNOWN")
        #expect(await code { _ = try await head.submit("t", more: "finishBefore: 2001-01-01T00:00:00Z\n") } == "E_DEADLINE")
        #expect(await code { _ = try await head.submit("u", more: "finishBefore: 2400-01-01T00:00:00Z\n") } == nil)
        try await head.stop()
    }

    @Test func `a time that cannot be met by what the job took before is refused with the numbers`() async throws {
        let cluster = try TestCluster()
        let head = try cluster.head()
        let runner = FakeRunner { _, _ in .wait }
        let worker = try cluster.worker(runner, cores: 1)
        let job = try await head.submit("before", tasks: 1)
        await runner.begin(1)
        runner.open()
        _ = try await head.end(of: job)
        // No task takes less than some microseconds here, so a million of them take longer than the few seconds that are given.
        let soon = Date(timeIntervalSinceNow: 3).ISO8601Format()
        #expect(
            await code { _ = try await head.submit("late", tasks: 1_000_000, more: "finishBefore: \(soon)\n") } == "E_DEADLINE")
        #expect(await code { _ = try await head.submit("fine", tasks: 10, more: "finishBefore: 2400-01-01\n") } == nil)
        try await worker.stop()
        try await head.stop()
    }
}
