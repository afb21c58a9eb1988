import Diagnostics
import Registry
import Scheduling
import Synchronization
import Testing
import Wire

@testable import Cluster

/// Output, progress and checkpoints on their way from a worker through the head.
@Suite(.timeLimit(.minutes(1))) struct JobOutputTests {
    private static let spec =
        "job: command\nname: c\ncommand: [a]\nresources: {memory: 1MiB}\nretry: {maximum: 3, backoff: 1ms, limit: 1ms}\n"

    private func submit(_ head: RunningHead, _ more: String = "") async throws -> JobView {
        try await head.head.submit(SubmitRequest(uid: "one", spec: Self.spec + more)).view
    }

    private func follow(_ head: RunningHead, _ job: JobView, task: Int32? = nil) async -> [LogPart] {
        var parts: [LogPart] = []
        for await part in head.head.followLogs(of: JobID(job.id), task: task) { parts.append(part) }
        return parts
    }

    @Test func `a follower sees everything that was written before the end, and it is kept`() async throws {
        let cluster = try TestCluster()
        let head = try cluster.head()
        let runner = FakeRunner { index, _ in
            .speak { context in
                for line in 0..<100 { context.wrote(ArraySlice("task \(index) line \(line)\n".utf8)) }
            }
        }
        let job = try await submit(head, "tasks: 3")
        async let followed = follow(head, job)
        async let one = follow(head, job, task: 1)
        let worker = try cluster.worker(runner)
        let whole = (0..<3).map { index in (0..<100).map { "task \(index) line \($0)\n" }.joined() }
        let parts = await followed
        for index in 0..<3 { #expect(parts.filter { $0.task == Int32(index) }.map(\.text).joined() == whole[index]) }
        #expect(await one.map(\.text).joined() == whole[1])
        // Afterwards it reads the same.
        #expect(await follow(head, job).map(\.text).joined() == whole.joined())
        let page = try head.head.logs(of: JobID(job.id), task: nil, after: 0, limit: 1)
        #expect(page.parts.map(\.text).joined() == whole[1] && page.next == 1)
        try await worker.stop()
        try await head.stop()
    }

    @Test func `the next attempt gets the last checkpoint, after a restart of the head too`() async throws {
        let cluster = try TestCluster()
        let checkpoint = ContentHash.sha256("state".utf8)
        var head = try cluster.head()
        let runner = FakeRunner { _, attempt in
            .speak { context in
                if attempt > 1 { return }
                context.progressed(0.5, checkpoint: nil)
                context.progressed(nil, checkpoint: checkpoint)
                throw FakeRunner.Failure(category: .unavailable)
            }
        }
        let job = try await submit(head)
        let worker = try cluster.worker(runner)
        _ = try await head.end(of: job)
        #expect(runner.payloads.withLock { $0.map(\.command.checkpoint) } == ["", checkpoint])

        // A job that is open when the head restarts keeps what its tasks can go on with.
        let waiting = FakeRunner { _, _ in
            .speak { context in
                context.progressed(0.25, checkpoint: checkpoint)
                try context.sleep(milliseconds: 600_000)
            }
        }
        try await worker.stop()
        let second = try await head.head.submit(SubmitRequest(uid: "two", spec: Self.spec)).view
        let victim = try cluster.worker(waiting, name: "worker-bbbbbbbb")
        for await view in head.head.follow(JobID(second.id)) where view.progress?.fraction == 0.25 { break }
        try await head.stop()
        try await victim.stop()
        head = try cluster.head()
        let heir = FakeRunner()
        let third = try cluster.worker(heir, name: "worker-cccccccc")
        #expect(try await head.end(of: second).state == "succeeded")
        #expect(heir.payloads.withLock { $0.map(\.command.checkpoint) } == [checkpoint])
        try await third.stop()
        try await head.stop()
    }
}
