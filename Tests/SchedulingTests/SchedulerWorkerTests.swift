import Scheduling
import Testing

@Suite struct SchedulerWorkerTests {
    @Test func `a silent worker loses its lease on the tick, and its task runs elsewhere`() {
        var harness = SchedulerHarness { $0.leaseMilliseconds = 100 }
        harness.submit(tasks: 0..<1)
        harness.register(1)
        harness.send(.tick, after: 60)
        harness.send(.heartbeat(WorkerID(1)))
        harness.register(2)
        harness.expect(commands: [assign(1, attempt(1, 0, 1))])
        harness.send(.tick, after: 99)
        harness.expect()
        harness.send(.heartbeat(WorkerID(2)))
        harness.send(.tick, after: 1)
        harness.expect(commands: [assign(2, attempt(1, 0, 2))])
        #expect(!harness.scheduler.knows(WorkerID(1)))
        harness.send(.heartbeat(WorkerID(1)))
        harness.report(1, attempt(1, 0, 1))
        harness.expect(verdicts: [.fenced])
        harness.report(2, attempt(1, 0, 2))
        harness.expect(ended: [ended(.succeeded, by: attempt(1, 0, 2))], verdicts: [.accepted])
        harness.expectNothingElse()
    }

    @Test func `a pause of the head is not the silence of its workers`() {
        var harness = SchedulerHarness { $0.leaseMilliseconds = 100 }
        harness.register(1)
        harness.register(2)
        harness.send(.heartbeat(WorkerID(1)), after: 10_000)
        harness.send(.heartbeat(WorkerID(2)))
        harness.send(.tick)
        #expect(harness.scheduler.workers.map(\.silentMilliseconds) == [0, 0])
        harness.expectNothingElse()
    }

    @Test func `the result of a worker that was only silent counts while nobody else has the task`() {
        var harness = SchedulerHarness { $0.leaseMilliseconds = 100 }
        harness.submit(tasks: 0..<1)
        harness.register(1)
        harness.send(.tick, after: 100)
        harness.report(1, attempt(1, 0, 1))
        harness.expect(
            commands: [assign(1, attempt(1, 0, 1))], ended: [ended(.succeeded, by: attempt(1, 0, 1))], verdicts: [.accepted])
        harness.report(1, attempt(1, 0, 1))
        harness.expect(verdicts: [.fenced])
        harness.expectNothingElse()
    }

    @Test func `a worker that was only silent keeps what nobody else has, and is told to stop the rest`() {
        var harness = SchedulerHarness {
            $0.leaseMilliseconds = 100
            $0.deathsToQuarantine = 2
        }
        harness.submit(tasks: 0..<2)
        harness.register(1, cpu: 2)
        harness.expect(commands: [assign(1, attempt(1, 0, 1), attempt(1, 1, 2))])
        harness.send(.tick, after: 100)
        harness.register(2, cpu: 1)
        harness.expect(commands: [assign(2, attempt(1, 0, 3))])
        harness.register(1, cpu: 2, holding: [attempt(1, 0, 1), attempt(1, 1, 2)])
        harness.expect(commands: [stop(1, attempt(1, 0, 1), .fenced)])
        // The silence was no death: it does not count when the worker dies in earnest.
        harness.send(.gone(WorkerID(1), planned: false))
        harness.report(2, attempt(1, 0, 3))
        harness.expect(
            commands: [assign(2, attempt(1, 1, 4))], ended: [ended(.succeeded, by: attempt(1, 0, 3))], verdicts: [.accepted])
        harness.expectNothingElse()
    }

    @Test func `a planned departure queues again without blame`() {
        var harness = SchedulerHarness()
        harness.submit(tasks: 0..<1)
        for number in Int64(1)...5 {
            harness.register(Int32(number))
            harness.expect(commands: [assign(Int32(number), attempt(1, 0, number))])
            harness.send(.gone(WorkerID(Int32(number)), planned: true))
        }
        #expect(harness.scheduler.counts(of: JobID(1))?.waiting == 1)
        harness.expectNothingElse()
    }

    @Test func `a task that takes three workers down is quarantined, and what depends on it is cancelled`() {
        var harness = SchedulerHarness()
        harness.submit()
        harness.send(.append(JobID(1), [.range(0..<1), .dependent(1, on: 0..<1)]))
        for number in Int32(1)...3 {
            harness.register(number)
            harness.expect(commands: [assign(number, attempt(1, 0, Int64(number)))])
            harness.send(.gone(WorkerID(number), planned: false))
        }
        harness.expect(ended: [ended(.quarantined, by: attempt(1, 0, 3)), ended(.cancelled, 1, 1)])
        harness.expectNothingElse()
    }

    @Test func `a death counts only for tasks that may have been running`() {
        var harness = SchedulerHarness {
            $0.prefillLimit = 4
            $0.deathsToQuarantine = 1
        }
        harness.submit(tasks: 0..<6)
        harness.register(1, cpu: 2)
        harness.expect(commands: [assign(1, attempt(1, 0, 1), attempt(1, 1, 2), attempt(1, 2, 3), attempt(1, 3, 4))])
        harness.send(.gone(WorkerID(1), planned: false))
        harness.expect(ended: [ended(.quarantined, by: attempt(1, 0, 1)), ended(.quarantined, by: attempt(1, 1, 2))])
        #expect(harness.scheduler.counts(of: JobID(1))?.waiting == 4)
        harness.expectNothingElse()
    }

    @Test func `tasks on their last chance never share a worker, so a poison task takes no innocent one with it`() {
        var harness = SchedulerHarness()
        harness.submit(tasks: 0..<3)
        for worker in Int32(1)...2 {
            harness.register(worker, cpu: 3)
            harness.send(.gone(WorkerID(worker), planned: false))
        }
        harness.pending = Output()
        harness.register(3, cpu: 3)
        harness.expect(commands: [assign(3, attempt(1, 0, 7))])
        harness.register(4, cpu: 3)
        harness.expect(commands: [assign(4, attempt(1, 1, 8))])
        harness.send(.gone(WorkerID(4), planned: false))
        harness.expect(ended: [ended(.quarantined, by: attempt(1, 1, 8))])
        harness.report(3, attempt(1, 0, 7))
        harness.expect(
            commands: [assign(3, attempt(1, 2, 9))], ended: [ended(.succeeded, by: attempt(1, 0, 7))], verdicts: [.accepted])
        harness.expectNothingElse()
    }

    @Test func `a drained worker finishes what it holds and is dismissed`() {
        var harness = SchedulerHarness()
        harness.submit(tasks: 0..<2)
        harness.register(1)
        harness.send(.drain(WorkerID(1)))
        harness.expect(commands: [assign(1, attempt(1, 0, 1))])
        harness.report(1, attempt(1, 0, 1))
        harness.expect(
            commands: [dismiss(1)], ended: [ended(.succeeded, by: attempt(1, 0, 1))], verdicts: [.accepted])
        #expect(harness.scheduler.workers.map(\.isDraining) == [true])
        // The dismissal got lost: the worker registers again, still drained.
        harness.register(1)
        harness.expect(commands: [dismiss(1)])
        harness.send(.drain(WorkerID(1)))
        harness.expect(commands: [dismiss(1)])
        harness.send(.gone(WorkerID(1), planned: true))
        harness.send(.drain(WorkerID(1)))
        harness.send(.gone(WorkerID(1), planned: true))
        harness.expectNothingElse()
    }

    @Test func `a new head adopts what workers still run, and runs the rest after the grace`() {
        var harness = SchedulerHarness(term: 2) { $0.recoveryGraceMilliseconds = 500 }
        harness.submit(tasks: 0..<3)
        harness.register(1, cpu: 2, holding: [attempt(1, 0, 41), attempt(1, 1, 42)])
        harness.expect()
        #expect(harness.scheduler.counts(of: JobID(1))?.assigned == 2)
        // The same attempt claimed by another worker is not current there.
        harness.register(2, cpu: 1, holding: [attempt(1, 0, 41)])
        harness.expect(commands: [stop(2, attempt(1, 0, 41), .fenced)])
        harness.report(2, attempt(1, 0, 41), .cancelled)
        harness.expect(verdicts: [.fenced])
        harness.send(.tick, after: 499)
        harness.expect()
        harness.send(.tick, after: 1)
        harness.expect(commands: [assign(2, attempt(1, 2, 1, term: 2))])
        harness.report(1, attempt(1, 0, 41))
        harness.report(1, attempt(1, 1, 42), .failed(retryable: true))
        harness.expect(ended: [ended(.succeeded, by: attempt(1, 0, 41))], verdicts: [.accepted, .retried])
        harness.expectNothingElse()
    }

    @Test func `a late worker of an older term is fenced once its task was given away`() {
        var harness = SchedulerHarness(term: 2)
        harness.submit(tasks: 0..<1)
        harness.register(2)
        harness.expect(commands: [assign(2, attempt(1, 0, 1, term: 2))])
        harness.register(1, holding: [attempt(1, 0, 41)])
        harness.expect(commands: [stop(1, attempt(1, 0, 41), .fenced)])
        // It holds room until it has stopped.
        #expect(harness.scheduler.workers.map(\.inUse.milliCPU) == [1_000, 1_000])
        harness.report(1, attempt(1, 0, 41), .succeeded)
        #expect(harness.scheduler.workers.map(\.inUse.milliCPU) == [0, 1_000])
        harness.expect(verdicts: [.fenced])
        harness.expectNothingElse()
    }

    @Test func `a result spooled over a head's restart counts before its worker has registered`() {
        var harness = SchedulerHarness(term: 2) { $0.recoveryGraceMilliseconds = 500 }
        harness.submit(tasks: 0..<1)
        harness.report(1, attempt(1, 0, 41))
        harness.expect(ended: [ended(.succeeded, by: attempt(1, 0, 41))], verdicts: [.accepted])
        harness.register(1)
        harness.expectNothingElse()
    }

    @Test func `an older term's failure counts once, however often it is reported`() {
        var harness = SchedulerHarness(term: 2) { $0.recoveryGraceMilliseconds = 500 }
        harness.submit(tasks: 0..<1)
        for _ in 0..<3 { harness.report(1, attempt(1, 0, 41), .failed(retryable: true)) }
        harness.report(1, attempt(1, 0, 17), .failed(retryable: true))
        harness.expect(verdicts: [.retried, .fenced, .fenced, .fenced])
        harness.expectNothingElse()
    }

    @Test func `an assignment that never arrived is queued again without blame`() {
        var harness = SchedulerHarness { $0.deathsToQuarantine = 1 }
        harness.submit(tasks: 0..<2)
        harness.register(1, cpu: 2)
        harness.expect(commands: [assign(1, attempt(1, 0, 1), attempt(1, 1, 2))])
        harness.register(1, cpu: 2, holding: [attempt(1, 0, 1)])
        harness.expect(commands: [assign(1, attempt(1, 1, 3))])
        harness.report(1, attempt(1, 1, 2))
        harness.expect(verdicts: [.fenced])
        harness.expectNothingElse()
    }

    @Test func `a lost stop is said again when the worker registers`() {
        var harness = SchedulerHarness()
        harness.submit(1, tasks: 0..<1)
        harness.submit(2, tasks: 0..<1, timeout: 10)
        harness.register(1, cpu: 2)
        harness.send(.tick, after: 10)
        harness.send(.cancel(JobID(1)))
        harness.pending = Output()
        harness.register(1, cpu: 2, holding: [attempt(1, 0, 1), attempt(2, 0, 2)])
        harness.expect(commands: [stop(1, attempt(1, 0, 1), .cancelled), stop(1, attempt(2, 0, 2), .timedOut)])
        // And one that got through without its report's being heard frees the room.
        harness.register(1, cpu: 2, holding: [attempt(2, 0, 2)])
        #expect(harness.scheduler.workers.map(\.inUse.milliCPU) == [1_000])
        harness.expect(commands: [stop(1, attempt(2, 0, 2), .timedOut)])
        harness.expectNothingElse()
    }

    @Test func `attempts nobody knows are told to stop`() {
        var harness = SchedulerHarness(term: 5)
        harness.submit(tasks: 0..<1)
        let strange = [
            attempt(9, 0, 1), attempt(1, 7, 1), attempt(1, -1, 1), attempt(1, 0, 1, term: 6), attempt(1, 0, -3, term: 5),
        ]
        harness.register(1, cpu: 9, holding: strange + strange)
        harness.expect(commands: (strange + strange).map { stop(1, $0, .fenced) } + [assign(1, attempt(1, 0, 1, term: 5))])
        harness.send(.report(WorkerID(1), strange.map { AttemptReport(attempt: $0, outcome: .succeeded) }))
        harness.expect(verdicts: Array(repeating: .fenced, count: 5))
        #expect(harness.scheduler.workers.map(\.assigned) == [1])
        harness.expectNothingElse()
    }

    @Test(arguments: [
        Resources(milliCPU: 1_000_000_000_000, memory: 1 << 30), Resources(milliCPU: -1, memory: 1 << 30),
        Resources(milliCPU: 4_000, memory: .min), Resources(milliCPU: .max, memory: .max), .zero,
    ])
    func `a worker with an implausible capacity is given nothing`(capacity: Resources) {
        var harness = SchedulerHarness()
        harness.submit(tasks: 0..<3)
        harness.send(.register(WorkerID(1), Registration(capacity: capacity, holding: [])))
        #expect(harness.scheduler.workers.map(\.capacity) == [.zero])
        harness.expectNothingElse()
    }

    @Test func `a worker may come back with another capacity`() {
        var harness = SchedulerHarness()
        harness.submit(tasks: 0..<3, timeout: 100)
        harness.register(1, cpu: 2)
        harness.expect(commands: [assign(1, attempt(1, 0, 1), attempt(1, 1, 2))])
        harness.register(1, cpu: 1, holding: [attempt(1, 0, 1), attempt(1, 1, 2)])
        #expect(harness.scheduler.workers.map(\.inUse.milliCPU) == [1_000])
        harness.register(1, cpu: 3, holding: [attempt(1, 0, 1), attempt(1, 1, 2)])
        harness.expect(commands: [assign(1, attempt(1, 2, 3))])
        harness.expectNothingElse()
    }

    @Test func `time that goes backwards or jumps to the end of time is no harm`() {
        var harness = SchedulerHarness { $0.leaseMilliseconds = .max }
        harness.submit(tasks: 0..<1, timeout: .max)
        harness.register(1)
        harness.now = Instant(nanoseconds: .min)
        harness.send(.tick)
        harness.send(.heartbeat(WorkerID(1)))
        harness.expect(commands: [assign(1, attempt(1, 0, 1))])
        harness.now = Instant(nanoseconds: .max)
        harness.send(.tick)
        harness.expect()
        harness.send(.heartbeat(WorkerID(1)))
        harness.send(.tick)
        harness.expectNothingElse()
    }
}
