import Scheduling
import Testing

/// Queues with weights and quotas, and what goes first inside a queue.
@Suite struct SchedulerQueueTests {
    /// How many attempts of each job the assignments of an output name.
    private func jobs(_ output: Output) -> [Int64: Int] {
        var counts: [Int64: Int] = [:]
        for case .assign(_, let attempts) in output.commands {
            for attempt in attempts { counts[attempt.task.job.rawValue, default: 0] += 1 }
        }
        return counts
    }

    @Test func `queues share room by their weights, and borrow what others leave unused`() {
        var harness = SchedulerHarness {
            $0.queues = [QueueDefinition(name: "a", weight: 3), QueueDefinition(name: "b", weight: 1)]
        }
        harness.submit(1, tasks: 0..<100) { $0.queue = "a" }
        harness.submit(2, tasks: 0..<100) { $0.queue = "b" }
        harness.register(1, cpu: 8)
        #expect(jobs(harness.pending) == [1: 6, 2: 2])
        // With nothing else to run, one queue takes it all.
        harness.pending = Output()
        harness.send(.cancel(JobID(1)))
        harness.pending = Output()
        for number in Int64(1)...8 { harness.report(1, attempt(number % 4 == 2 ? 2 : 1, 0, number), .cancelled) }
        harness.register(2, cpu: 4)
        #expect(jobs(harness.pending)[1] == nil && jobs(harness.pending)[2] ?? 0 >= 4)
    }

    @Test func `a heavier queue that comes later gets its share as room becomes free`() {
        var harness = SchedulerHarness()
        harness.submit(1, tasks: 0..<100) { $0.queue = "a" }
        harness.register(1, cpu: 4)
        harness.expect(commands: [assign(1, attempt(1, 0, 1), attempt(1, 1, 2), attempt(1, 2, 3), attempt(1, 3, 4))])
        harness.submit(2, tasks: 0..<100) { $0.queue = "b" }
        // Nothing is killed for it; what becomes free goes to the queue that has less, until both have the same.
        harness.expect()
        harness.report(1, attempt(1, 0, 1))
        harness.expect(
            commands: [assign(1, attempt(2, 0, 5))], ended: [ended(.succeeded, by: attempt(1, 0, 1))], verdicts: [.accepted])
        harness.report(1, attempt(1, 1, 2))
        harness.expect(
            commands: [assign(1, attempt(2, 1, 6))], ended: [ended(.succeeded, by: attempt(1, 1, 2))], verdicts: [.accepted])
        harness.report(1, attempt(2, 0, 5))
        harness.expect(
            commands: [assign(1, attempt(2, 2, 7))], ended: [ended(.succeeded, by: attempt(2, 0, 5))], verdicts: [.accepted])
        harness.expectNothingElse()
    }

    @Test func `a quota caps what a queue runs, whatever room there is, and nothing of it waits on workers`() {
        var harness = SchedulerHarness {
            $0.prefillLimit = 16
            $0.queues = [QueueDefinition(name: "capped", quota: Resources(milliCPU: 3_000, memory: 1 << 40))]
        }
        harness.submit(1, tasks: 0..<50) { $0.queue = "capped" }
        harness.register(1, cpu: 8)
        harness.expect(commands: [assign(1, attempt(1, 0, 1), attempt(1, 1, 2), attempt(1, 2, 3))])
        harness.report(1, attempt(1, 0, 1), ran: 1)
        harness.expect(
            commands: [assign(1, attempt(1, 3, 4))], ended: [ended(.succeeded, by: attempt(1, 0, 1))], verdicts: [.accepted])
        // What the quota keeps out keeps nobody else out.
        harness.submit(2, tasks: 0..<1)
        harness.expect(commands: [assign(1, attempt(2, 0, 5))])
        harness.expectNothingElse()
    }

    @Test func `inside a priority the earlier deadline goes first`() {
        var harness = SchedulerHarness()
        harness.submit(1, tasks: 0..<1)
        harness.submit(2, tasks: 0..<1) { $0.deadline = Instant(nanoseconds: 2_000) }
        harness.submit(3, tasks: 0..<1) { $0.deadline = Instant(nanoseconds: 1_000) }
        harness.submit(4, tasks: 0..<1, priority: 1)
        harness.register(1, cpu: 4)
        harness.expect(commands: [assign(1, attempt(4, 0, 1), attempt(3, 0, 2), attempt(2, 0, 3), attempt(1, 0, 4))])
        harness.expectNothingElse()
    }

    @Test func `a job is given no more attempts than its running limit, and the next when one ends`() {
        var harness = SchedulerHarness { $0.prefillLimit = 16 }
        harness.submit(1, tasks: 0..<10) { $0.runningLimit = 2 }
        harness.submit(2, tasks: 0..<1)
        harness.register(1, cpu: 8)
        harness.expect(commands: [assign(1, attempt(1, 0, 1), attempt(1, 1, 2), attempt(2, 0, 3))])
        harness.report(1, attempt(1, 1, 2))
        harness.expect(
            commands: [assign(1, attempt(1, 2, 4))], ended: [ended(.succeeded, by: attempt(1, 1, 2))], verdicts: [.accepted])
        // A limit holds over a loss as well.
        harness.send(.gone(WorkerID(1), planned: true))
        harness.register(2, cpu: 8)
        harness.expect(commands: [assign(2, attempt(1, 0, 5), attempt(1, 2, 6), attempt(2, 0, 7))])
        harness.expectNothingElse()
    }

    @Test func `what waits on a worker is taken back for a higher priority, what runs goes on`() {
        var harness = SchedulerHarness { $0.prefillLimit = 4 }
        harness.submit(1, tasks: 0..<20)
        harness.register(1)
        harness.expect(commands: [assign(1, attempt(1, 0, 1), attempt(1, 1, 2))])
        harness.submit(2, tasks: 0..<1, priority: 5)
        harness.expect(commands: [stop(1, attempt(1, 1, 2), .retracted)])
        // Given back, it waits in the queue again, at no cost.
        harness.report(1, attempt(1, 1, 2), .cancelled)
        harness.expect(commands: [assign(1, attempt(2, 0, 3))], verdicts: [.retried])
        harness.report(1, attempt(1, 0, 1))
        harness.report(1, attempt(2, 0, 3))
        #expect(harness.pending.ended == [ended(.succeeded, by: attempt(1, 0, 1)), ended(.succeeded, by: attempt(2, 0, 3))])
        #expect(harness.scheduler.counts(of: JobID(1))?.succeeded == 1)
        harness.report(1, attempt(1, 1, 4))
        #expect(harness.pending.ended.last == ended(.succeeded, by: attempt(1, 1, 4)))
    }

    @Test func `an attempt that started before it could be taken back counts as every other`() {
        var harness = SchedulerHarness { $0.prefillLimit = 4 }
        harness.submit(1, tasks: 0..<20)
        harness.register(1)
        harness.submit(2, tasks: 0..<1, priority: 5)
        harness.pending = Output()
        // Both had started by then; the worker does not answer the retraction.
        harness.report(1, attempt(1, 0, 1))
        harness.report(1, attempt(1, 1, 2))
        #expect(harness.pending.ended == [ended(.succeeded, by: attempt(1, 0, 1)), ended(.succeeded, by: attempt(1, 1, 2))])
        #expect(jobs(harness.pending)[2] == 1)
    }

    @Test func `nothing is given ahead to lower priorities while a higher one finds no room, so that nothing goes round`() {
        var harness = SchedulerHarness { $0.prefillLimit = 4 }
        harness.submit(1, tasks: 0..<50)
        harness.register(1)
        // Another class, because it asks for other memory.
        harness.submit(2, tasks: 0..<2, priority: 9, memory: 5)
        harness.expect(commands: [assign(1, attempt(1, 0, 1), attempt(1, 1, 2)), stop(1, attempt(1, 1, 2), .retracted)])
        harness.report(1, attempt(1, 1, 2), .cancelled)
        harness.expect(verdicts: [.retried])
        // Signs of life ask for nothing more.
        for _ in 0..<5 { harness.send(.heartbeat(WorkerID(1)), after: 10) }
        harness.expect()
        harness.report(1, attempt(1, 0, 1))
        #expect(jobs(harness.pending)[2] ?? 0 > 0 && jobs(harness.pending)[1] == nil)
    }

    @Test func `a retraction that was lost is repeated when the worker registers again`() {
        var harness = SchedulerHarness { $0.prefillLimit = 4 }
        harness.submit(1, tasks: 0..<20)
        harness.register(1)
        harness.submit(2, tasks: 0..<1, priority: 5)
        harness.pending = Output()
        harness.register(1, holding: [attempt(1, 0, 1), attempt(1, 1, 2)])
        #expect(harness.pending.commands.contains(stop(1, attempt(1, 1, 2), .retracted)))
    }
}
