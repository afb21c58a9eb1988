import Cluster
import Scheduling
import SwiftProtobuf
import Testing
import Wire

/// What the head says happened.
@Suite struct EventTests {
    @Test func `every change of state is an event with its cause`() async throws {
        let cluster = try TestCluster()
        let head = try cluster.head()
        let worker = try RawWorker(cluster.network)
        worker.send(.register(RawWorker.register()), sequence: 0)
        #expect(await worker.next()?.welcome.term == 1)
        let job = try await head.submit("events", tasks: 1)
        var attempts: [ProtoAttemptName] = []
        while attempts.isEmpty, let message = await worker.next() { attempts += message.assignments.tasks.map(\.attempt) }
        let first = try #require(attempts.first)
        var failed = ProtoReport()
        (failed.attempt, failed.outcome, failed.errorCode) = (first, .failedRetryable, "E_DRILL")
        worker.send(.reports(.with { $0.reports = [failed] }), sequence: 1)
        attempts = []
        while attempts.isEmpty, let message = await worker.next() { attempts += message.assignments.tasks.map(\.attempt) }
        var again = ProtoReport()
        (again.attempt, again.outcome) = (try #require(attempts.first), .succeeded)
        worker.send(.reports(.with { $0.reports = [again, failed] }), sequence: 2)
        #expect(try await head.end(of: job).state == "succeeded")
        let page = head.head.events(EventQuery(job: job.id))
        #expect(
            page.events.map(\.event) == [
                "job.submitted", "task.assigned", "task.retried", "task.assigned", "attempt.fenced", "task.succeeded",
                "job.ended",
            ])
        #expect(page.events.map(\.cause) == [nil, nil, "E_DRILL", nil, "E_DRILL", nil, "succeeded"])
        #expect(page.events[2].attempt == page.events[1].attempt && page.events[2].worker == 1 && page.events[2].task == 0)
        #expect(page.events.allSatisfy { $0.job == job.id } && page.term == 1)
        // By task and by worker, and nothing twice when asked for what follows.
        #expect(head.head.events(EventQuery(job: job.id, task: 1)).events.isEmpty)
        #expect(head.head.events(EventQuery(worker: 1)).events.first?.event == "worker.registered")
        #expect(head.head.events(EventQuery(after: page.next)).events.isEmpty)
        #expect(head.head.events(EventQuery(after: 1, limit: 2)).events.map(\.number) == [2, 3])
        try await head.stop()
    }
}
