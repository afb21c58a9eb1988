import Scheduling
import Testing

/// Jobs and tasks that a user or a limit keeps from running.
@Suite struct SchedulerHoldTests {
    @Test func `a held job is given nothing until the last hold is released, what runs goes on`() {
        var harness = SchedulerHarness()
        harness.submit(1, tasks: 0..<3)
        harness.register(1)
        harness.expect(commands: [assign(1, attempt(1, 0, 1))])
        harness.send(.hold(JobID(1), .paused))
        harness.send(.hold(JobID(1), .paused))
        harness.send(.hold(JobID(1), .dependencies))
        harness.report(1, attempt(1, 0, 1))
        harness.expect(ended: [ended(.succeeded, by: attempt(1, 0, 1))], verdicts: [.accepted])
        // What is appended meanwhile is held as well; others are not.
        harness.send(.append(JobID(1), [.range(3..<4)]))
        harness.submit(2, tasks: 0..<1)
        harness.expect(commands: [assign(1, attempt(2, 0, 2))])
        harness.report(1, attempt(2, 0, 2))
        harness.send(.release(JobID(1), .paused))
        harness.expect(ended: [ended(.succeeded, by: attempt(2, 0, 2))], verdicts: [.accepted])
        harness.send(.release(JobID(1), .dependencies))
        harness.expect(commands: [assign(1, attempt(1, 1, 3))])
        for index in Int32(1)...3 { harness.report(1, attempt(1, index, Int64(index) + 2)) }
        #expect(harness.pending.ended.map(\.task.index) == [1, 2, 3])
    }

    @Test func `a held job ends when it is cancelled`() {
        var harness = SchedulerHarness()
        harness.submit(1, tasks: 0..<2)
        harness.send(.hold(JobID(1), .paused))
        harness.send(.cancel(JobID(1)))
        harness.register(1)
        harness.expect(ended: [ended(.cancelled, 1, 0, .asked), ended(.cancelled, 1, 1, .asked)])
        harness.expectNothingElse()
    }

    @Test func `cancelled tasks do not run, those that run are stopped, and what depends on them is cancelled`() {
        var harness = SchedulerHarness()
        harness.submit(1)
        harness.send(.append(JobID(1), [.range(0..<4), .dependent(4, on: 1..<2)]))
        harness.register(1)
        harness.expect(commands: [assign(1, attempt(1, 0, 1))])
        harness.send(.cancelTasks(JobID(1), [0..<2, 0..<1, 90..<91]))
        harness.expect(
            commands: [stop(1, attempt(1, 0, 1), .cancelled)],
            ended: [ended(.cancelled, 1, 0, .asked), ended(.cancelled, 1, 1, .asked), ended(.cancelled, 1, 4)])
        harness.report(1, attempt(1, 0, 1), .cancelled)
        harness.expect(commands: [assign(1, attempt(1, 2, 2))], verdicts: [.fenced])
        harness.expectNothingElse()
    }

    @Test func `a task that waits too long for its first attempt has failed, one that has begun has not`() {
        var harness = SchedulerHarness()
        harness.submit(1) { $0.queuedLimitMilliseconds = 100 }
        harness.send(.append(JobID(1), [.range(0..<2), .dependent(2, on: 0..<1)]))
        harness.register(1)
        harness.expect(commands: [assign(1, attempt(1, 0, 1))])
        harness.send(.tick, after: 99)
        harness.expect()
        harness.send(.tick, after: 1)
        harness.expect(ended: [ended(.failed, 1, 1, .queuedTooLong)])
        // The limit of one that waits for another begins when nothing but room is missing.
        harness.send(.gone(WorkerID(1), planned: false))
        harness.register(2)
        harness.expect(commands: [assign(2, attempt(1, 0, 2))])
        harness.send(.hold(JobID(1), .paused))
        harness.report(2, attempt(1, 0, 2))
        harness.expect(ended: [ended(.succeeded, by: attempt(1, 0, 2))], verdicts: [.accepted])
        // While it is paused the time does not count; then it begins anew.
        harness.send(.tick, after: 5_000)
        harness.expect()
        harness.submit(9, tasks: 0..<1, priority: 9)
        harness.expect(commands: [assign(2, attempt(9, 0, 3))])
        harness.send(.release(JobID(1), .paused))
        harness.send(.tick, after: 99)
        harness.expect()
        harness.send(.tick, after: 1)
        harness.expect(ended: [ended(.failed, 1, 2, .queuedTooLong)])
        harness.expectNothingElse()
    }

    @Test func `a task that only waited on a worker has not begun, and fails when it is given back too late`() {
        var harness = SchedulerHarness { $0.prefillLimit = 4 }
        harness.submit(1, tasks: 0..<6) { $0.queuedLimitMilliseconds = 2_000 }
        harness.register(1)
        harness.submit(2, tasks: 0..<1, priority: 5)
        harness.pending = Output()
        harness.send(.tick, after: 2_000)
        // The first runs, the second waits on the worker.
        #expect(harness.pending.ended.map(\.task.index) == [2, 3, 4, 5])
        harness.report(1, attempt(1, 1, 2), .cancelled)
        harness.pending = Output()
        harness.send(.tick, after: 500)
        #expect(harness.pending.ended.map(\.task) == [TaskID(job: JobID(1), index: 1)])
    }

    @Test func `a task that is not over within its total limit has failed, wherever it is`() {
        var harness = SchedulerHarness()
        harness.submit(1, retry: RetryPolicy(maximum: 9, backoffMilliseconds: 0)) { $0.totalLimitMilliseconds = 100 }
        harness.send(.append(JobID(1), [.range(0..<2), .dependent(2, on: 0..<1)]))
        harness.register(1)
        harness.report(1, attempt(1, 0, 1), .failed(retryable: true))
        harness.send(.tick, after: 1)
        harness.pending = Output()
        harness.send(.tick, after: 99)
        harness.expect(
            commands: [stop(1, attempt(1, 1, 2), .timedOut)],
            ended: [ended(.failed, 1, 0, .tookTooLong), ended(.cancelled, 1, 2), ended(.failed, 1, 1, .tookTooLong)])
        harness.report(1, attempt(1, 1, 2), .cancelled)
        harness.expect(verdicts: [.fenced])
        harness.expectNothingElse()
    }
}
