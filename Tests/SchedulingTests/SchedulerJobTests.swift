import Scheduling
import Testing

@Suite struct SchedulerJobTests {
    @Test func `a task is assigned, reported and over`() {
        var harness = SchedulerHarness()
        harness.submit(tasks: 0..<1)
        harness.register(1)
        harness.expect(commands: [assign(1, attempt(1, 0, 1))])
        harness.report(1, attempt(1, 0, 1))
        harness.expect(ended: [ended(.succeeded, by: attempt(1, 0, 1))], verdicts: [.accepted])
        #expect(harness.scheduler.counts(of: JobID(1))?.succeeded == 1)
        #expect(harness.scheduler.workers.map(\.inUse) == [.zero])
        harness.expectNothingElse()
    }

    @Test func `higher priority goes first, then the earlier job, then the lower index`() {
        var harness = SchedulerHarness()
        harness.submit(1, tasks: 0..<2)
        harness.submit(2, tasks: 0..<2, priority: 5)
        harness.submit(3, tasks: 0..<2, priority: 5)
        harness.register(1, cpu: 6)
        harness.expect(commands: [
            assign(
                1, attempt(2, 0, 1), attempt(2, 1, 2), attempt(3, 0, 3), attempt(3, 1, 4), attempt(1, 0, 5), attempt(1, 1, 6))
        ])
        harness.expectNothingElse()
    }

    @Test func `priority holds between jobs that ask for different resources`() {
        var harness = SchedulerHarness()
        harness.submit(1, tasks: 0..<1, cpu: 1)
        harness.submit(2, tasks: 0..<1, priority: 1, cpu: 2)
        harness.submit(3, tasks: 0..<1, priority: 2, cpu: 3)
        harness.register(1, cpu: 5)
        harness.expect(commands: [assign(1, attempt(3, 0, 1), attempt(2, 0, 2))])
        harness.expectNothingElse()
    }

    @Test func `repeated submissions and indices change nothing`() {
        var harness = SchedulerHarness()
        harness.submit(tasks: 0..<2)
        harness.submit(tasks: 0..<2, priority: 9)
        harness.send(.append(JobID(1), [.range(1..<3), .dependent(2, on: 0..<1), .range(-4..<1), .range(Int32.min..<Int32.min)]))
        #expect(harness.scheduler.counts(of: JobID(1))?.waiting == 3)
        #expect(harness.scheduler.queuedCount == 3)
        harness.expectNothingElse()
    }

    @Test func `tasks beyond the limit per job are ignored`() {
        var harness = SchedulerHarness { $0.tasksPerJobLimit = 10 }
        harness.submit(tasks: 0..<Int32.max)
        harness.send(.append(JobID(1), [.range(100..<200), .dependent(7_000, on: 0..<3), .dependent(Int32.max, on: 0..<3)]))
        #expect(harness.scheduler.counts(of: JobID(1))?.total == 10)
        harness.expectNothingElse()
    }

    @Test func `a dependent task waits for all it depends on`() {
        var harness = SchedulerHarness()
        harness.submit()
        harness.send(.append(JobID(1), [.range(0..<2), .dependent(2, on: 0..<2)]))
        harness.register(1, cpu: 3)
        harness.expect(commands: [assign(1, attempt(1, 0, 1), attempt(1, 1, 2))])
        harness.report(1, attempt(1, 1, 2))
        #expect(harness.scheduler.counts(of: JobID(1))?.blocked == 1)
        harness.expect(ended: [ended(.succeeded, by: attempt(1, 1, 2))], verdicts: [.accepted])
        harness.report(1, attempt(1, 0, 1))
        harness.expect(
            commands: [assign(1, attempt(1, 2, 3))], ended: [ended(.succeeded, by: attempt(1, 0, 1))], verdicts: [.accepted])
        harness.expectNothingElse()
    }

    @Test func `a failed task cancels what depends on it, and what depends on that`() {
        var harness = SchedulerHarness()
        harness.submit()
        harness.send(
            .append(JobID(1), [.range(0..<2), .dependent(2, on: 0..<2), .dependent(3, on: 2..<3), .dependent(4, on: 1..<2)]))
        harness.register(1)
        harness.expect(commands: [assign(1, attempt(1, 0, 1))])
        harness.report(1, attempt(1, 0, 1), .failed(retryable: false))
        harness.expect(
            commands: [assign(1, attempt(1, 1, 2))],
            ended: [ended(.failed, by: attempt(1, 0, 1)), ended(.cancelled, 1, 2), ended(.cancelled, 1, 3)], verdicts: [.accepted]
        )
        harness.report(1, attempt(1, 1, 2))
        harness.expect(
            commands: [assign(1, attempt(1, 4, 3))], ended: [ended(.succeeded, by: attempt(1, 1, 2))], verdicts: [.accepted])
        harness.expectNothingElse()
    }

    @Test func `a dependency that is over already counts as it ended`() {
        var harness = SchedulerHarness()
        harness.submit(tasks: 0..<2)
        harness.register(1, cpu: 2)
        harness.report(1, attempt(1, 0, 1))
        harness.report(1, attempt(1, 1, 2), .failed(retryable: false))
        harness.expect(
            commands: [assign(1, attempt(1, 0, 1), attempt(1, 1, 2))],
            ended: [ended(.succeeded, by: attempt(1, 0, 1)), ended(.failed, by: attempt(1, 1, 2))],
            verdicts: [.accepted, .accepted])
        harness.send(.append(JobID(1), [.dependent(5, on: 0..<2), .dependent(6, on: 0..<1)]))
        harness.expect(commands: [assign(1, attempt(1, 6, 3))], ended: [ended(.cancelled, 1, 5)])
        harness.expectNothingElse()
    }

    @Test func `dependencies that make no sense do not count`() {
        var harness = SchedulerHarness()
        harness.submit()
        // Unknown, itself, a ring, and a range without end.
        harness.send(
            .append(
                JobID(1),
                [
                    .dependent(0, on: 100..<200), .dependent(1, on: 1..<2), .dependent(2, on: 3..<4), .dependent(3, on: 2..<3),
                    .dependent(4, on: Int32.min..<Int32.max), .dependent(-1, on: 0..<1),
                ]))
        harness.register(1, cpu: 9)
        harness.expect(commands: [assign(1, attempt(1, 0, 1), attempt(1, 1, 2), attempt(1, 2, 3))])
        harness.report(1, attempt(1, 2, 3))
        harness.expect(
            commands: [assign(1, attempt(1, 3, 4))], ended: [ended(.succeeded, by: attempt(1, 2, 3))], verdicts: [.accepted])
        #expect(harness.scheduler.counts(of: JobID(1))?.blocked == 1)
        harness.expectNothingElse()
    }

    @Test func `a task appended later does not join a dependency that was drawn before`() {
        var harness = SchedulerHarness()
        harness.submit()
        harness.send(.append(JobID(1), [.range(0..<1), .dependent(9, on: 0..<5)]))
        harness.send(.append(JobID(1), [.range(1..<5)]))
        harness.register(1)
        harness.report(1, attempt(1, 0, 1))
        #expect(harness.scheduler.counts(of: JobID(1))?.blocked == 0)
        harness.expect(
            commands: [assign(1, attempt(1, 0, 1)), assign(1, attempt(1, 1, 2))],
            ended: [ended(.succeeded, by: attempt(1, 0, 1))], verdicts: [.accepted])
        harness.expectNothingElse()
    }

    @Test(arguments: [false, true])
    func `cancelling or ending a job drops what waits and stops what runs`(asUser: Bool) {
        var harness = SchedulerHarness()
        harness.submit()
        harness.send(.append(JobID(1), [.range(0..<2), .dependent(2, on: 0..<2)]))
        harness.register(1)
        harness.expect(commands: [assign(1, attempt(1, 0, 1))])
        harness.send(asUser ? .cancel(JobID(1)) : .end(JobID(1)))
        harness.expect(
            commands: [stop(1, attempt(1, 0, 1), .cancelled)],
            ended: (0..<3).map { ended(.cancelled, 1, $0, asUser ? .asked : .jobEnded) })
        #expect(harness.scheduler.counts(of: JobID(1)) == nil)
        // The room is held until the worker has stopped it, whatever it reports then.
        harness.submit(2, tasks: 0..<1)
        harness.expect()
        harness.report(1, attempt(1, 0, 1), .succeeded)
        harness.expect(commands: [assign(1, attempt(2, 0, 2))], verdicts: [.fenced])
        // An ended job is over for good.
        harness.submit(1, tasks: 0..<1)
        harness.send(.cancel(JobID(1)))
        harness.expectNothingElse()
    }

    @Test func `restored tasks never run again, and what depends on them is settled`() {
        var harness = SchedulerHarness(term: 2)
        harness.submit()
        harness.send(
            .append(JobID(1), [.range(0..<4), .dependent(4, on: 0..<2), .dependent(5, on: 2..<3), .dependent(6, on: 5..<6)]))
        harness.send(
            .restore(
                JobID(1),
                [
                    RestoredTask(index: 0, succeeded: true), RestoredTask(index: 1, succeeded: true),
                    RestoredTask(index: 2, succeeded: false), RestoredTask(index: 5, succeeded: false),
                    RestoredTask(index: 77, succeeded: true), RestoredTask(index: 0, succeeded: false),
                ]))
        // Task 5 had been journaled with its cause; 6 was not, so it is told now.
        harness.expect(ended: [ended(.cancelled, 1, 6)])
        harness.register(1, cpu: 9)
        harness.expect(commands: [assign(1, attempt(1, 3, 1, term: 2), attempt(1, 4, 2, term: 2))])
        harness.expectNothingElse()
    }

    @Test func `unknown jobs are answered by nothing`() {
        var harness = SchedulerHarness()
        harness.send(.append(JobID(5), [.range(0..<3)]))
        harness.send(.restore(JobID(5), [RestoredTask(index: 0, succeeded: true)]))
        harness.send(.end(JobID(5)))
        harness.send(.cancel(JobID(.min)))
        #expect(harness.scheduler.counts(of: JobID(5)) == nil)
        harness.expectNothingElse()
    }
}
