import Scheduling
import Testing

@Suite struct SchedulerPlacementTests {
    /// Attempts that each worker was assigned, in order of worker.
    private func load(_ output: Output) -> [Int32: Int] {
        var load: [Int32: Int] = [:]
        for case .assign(let worker, let attempts) in output.commands { load[worker.rawValue, default: 0] += attempts.count }
        return load
    }

    @Test func `cpu and memory both bound what runs at once`() {
        var harness = SchedulerHarness()
        harness.submit(tasks: 0..<10, cpu: 1, memory: 300)
        harness.register(1, cpu: 8, memory: 1_000)
        harness.expect(commands: [assign(1, attempt(1, 0, 1), attempt(1, 1, 2), attempt(1, 2, 3))])
        #expect(harness.scheduler.workers.map(\.inUse) == [Resources(milliCPU: 3_000, memory: 900)])
        harness.expectNothingElse()
    }

    @Test func `a few tasks are spread over the workers`() {
        var harness = SchedulerHarness()
        for worker in Int32(1)...4 { harness.register(worker, cpu: 8) }
        harness.submit(tasks: 0..<4)
        harness.expect(commands: (1...4).map { assign($0, attempt(1, $0 - 1, Int64($0))) })
        harness.expectNothingElse()
    }

    @Test func `many tasks fill the workers evenly`() {
        var harness = SchedulerHarness()
        for worker in Int32(1)...4 { harness.register(worker, cpu: 8) }
        harness.submit()
        let output = harness.send(.append(JobID(1), [.range(0..<16)]))
        #expect(load(output) == [1: 4, 2: 4, 3: 4, 4: 4])
    }

    @Test func `a task too large for every worker waits, says so, and keeps nobody else waiting`() {
        var harness = SchedulerHarness()
        harness.register(1, cpu: 2)
        harness.register(2, cpu: 4, memory: 100)
        harness.submit(1, tasks: 0..<1, priority: 9, cpu: 5)
        harness.submit(2, tasks: 0..<1)
        harness.expect(commands: [assign(1, attempt(2, 0, 1))])
        let large = Resources(milliCPU: 5_000, memory: 0)
        #expect(
            harness.scheduler.satisfiability(of: Demand([large]))
                == .tooLarge(asked: large, best: WorkerID(2), capacity: Resources(milliCPU: 4_000, memory: 100)))
        #expect(harness.scheduler.satisfiability(of: Demand([Resources(milliCPU: 4_000, memory: 0)])) == .satisfiable)
        harness.register(3, cpu: 5)
        harness.expect(commands: [assign(3, attempt(1, 0, 2))])
        harness.expectNothingElse()
    }

    @Test func `without workers nothing can be satisfied`() {
        let harness = SchedulerHarness()
        #expect(harness.scheduler.satisfiability(of: Demand([.zero])) == .noWorkers)
    }

    @Test func `asking for nothing or less is charged a thousandth of a core`() {
        var harness = SchedulerHarness()
        let nothing = Resources(milliCPU: -5, memory: .min)
        harness.send(.submit(JobSubmission(job: JobID(1), resources: nothing)))
        harness.register(1, cpu: 1)
        let output = harness.send(.append(JobID(1), [.range(0..<2_000)]))
        #expect(load(output) == [1: 1_000])
    }

    @Test func `small tasks do not keep a large one of higher priority out for ever`() {
        var harness = SchedulerHarness()
        harness.register(1, cpu: 2)
        harness.submit(1, tasks: 0..<100, cpu: 1)
        harness.submit(2, tasks: 0..<1, priority: 1, cpu: 2)
        harness.expect(commands: [assign(1, attempt(1, 0, 1), attempt(1, 1, 2))])
        harness.report(1, attempt(1, 0, 1))
        harness.expect(ended: [ended(.succeeded, by: attempt(1, 0, 1))], verdicts: [.accepted])
        harness.report(1, attempt(1, 1, 2))
        harness.expect(
            commands: [assign(1, attempt(2, 0, 3))], ended: [ended(.succeeded, by: attempt(1, 1, 2))], verdicts: [.accepted])
        harness.report(1, attempt(2, 0, 3))
        harness.expect(
            commands: [assign(1, attempt(1, 2, 4), attempt(1, 3, 5))], ended: [ended(.succeeded, by: attempt(2, 0, 3))],
            verdicts: [.accepted])
        harness.expectNothingElse()
    }

    @Test func `only one worker is kept free for a large task`() {
        var harness = SchedulerHarness()
        harness.register(1, cpu: 2)
        harness.register(2, cpu: 2)
        harness.submit(1, tasks: 0..<100, cpu: 1)
        harness.submit(2, tasks: 0..<1, priority: 1, cpu: 2)
        harness.pending = Output()
        harness.report(2, attempt(1, 2, 3))
        harness.report(1, attempt(1, 0, 1))
        let started = harness.pending.commands
        #expect(started == [assign(2, attempt(1, 4, 5))])
        // The job of the large task ends: its worker is given back.
        harness.send(.cancel(JobID(2)))
        #expect(harness.pending.commands == started + [assign(1, attempt(1, 5, 6))])
    }

    @Test func `one task a slot is given ahead of need while the run time is unknown`() {
        var harness = SchedulerHarness { $0.prefillLimit = 256 }
        harness.register(1, cpu: 2)
        harness.submit()
        let output = harness.send(.append(JobID(1), [.range(0..<1_000)]))
        #expect(load(output) == [1: 4])
        #expect(harness.scheduler.workers.map(\.inUse.milliCPU) == [2_000])
    }

    @Test func `the depth of prefill follows the mean run time, up to its limit`() {
        for (ran, waiting) in [(Int64(60_000), 0), (50_000, 1), (5_000, 10), (100, 256), (0, 256), (.max, 0), (.min, 256)] {
            var harness = SchedulerHarness { $0.prefillLimit = 256 }
            harness.submit(tasks: 0..<1)
            harness.register(1)
            harness.report(1, attempt(1, 0, 1), .succeeded, ran: ran)
            let output = harness.send(.append(JobID(1), [.range(1..<10_000)]))
            #expect(load(output) == [1: 1 + waiting])
        }
    }

    @Test func `a queue is filled up again when half of it is gone`() {
        var harness = SchedulerHarness { $0.prefillLimit = 256 }
        harness.submit(tasks: 0..<1)
        harness.register(1)
        harness.report(1, attempt(1, 0, 1), .succeeded, ran: 5_000)
        harness.send(.append(JobID(1), [.range(1..<1_000)]))
        harness.pending = Output()
        for done in Int64(2)...5 { harness.report(1, attempt(1, Int32(done) - 1, done), ran: 5_000) }
        #expect(harness.pending.commands == [])
        let output = harness.send(
            .report(WorkerID(1), [AttemptReport(attempt: attempt(1, 5, 6), outcome: .succeeded, ranMicroseconds: 5_000)]))
        #expect(load(output) == [1: 5])
    }

    @Test func `near the end nobody is given more than an even share`() {
        var harness = SchedulerHarness { $0.prefillLimit = 256 }
        harness.submit(tasks: 0..<1)
        harness.register(1)
        harness.report(1, attempt(1, 0, 1), .succeeded, ran: 10)
        for worker in Int32(2)...4 { harness.register(worker) }
        let output = harness.send(.append(JobID(1), [.range(1..<41)]))
        // One runs on each, and half of the other 36 wait there; the rest stays here for whoever is free first.
        #expect(load(output) == [1: 5, 2: 5, 3: 5, 4: 5])
        #expect(harness.scheduler.queuedCount == 20)
    }

    @Test func `a task another worker died with starts at once or not at all`() {
        var harness = SchedulerHarness { $0.prefillLimit = 8 }
        harness.submit(tasks: 0..<8)
        harness.register(1, cpu: 2)
        harness.expect(commands: [assign(1, attempt(1, 0, 1), attempt(1, 1, 2), attempt(1, 2, 3), attempt(1, 3, 4))])
        harness.send(.gone(WorkerID(1), planned: false))
        harness.register(2, cpu: 2)
        // Task 0 and 1 are under suspicion, 2 and 3 went with them; nothing is queued behind them.
        harness.expect(commands: [assign(2, attempt(1, 0, 5), attempt(1, 1, 6))])
        harness.expectNothingElse()
    }

    @Test func `the same inputs give the same outputs`() {
        func run() -> [Output] {
            var harness = SchedulerHarness { $0.prefillLimit = 16 }
            var outputs: [Output] = []
            for worker in Int32(1)...50 {
                harness.register(worker, cpu: Int64(worker % 5) + 1, memory: Int64(worker % 3 + 1) << 30)
            }
            for job in Int64(1)...20 {
                harness.submit(job, priority: Int32(job % 3), cpu: job % 4 + 1, memory: job % 2 << 29)
                outputs.append(harness.send(.append(JobID(job), [.range(0..<30), .dependent(30, on: 0..<30)])))
            }
            for worker in Int32(1)...25 { outputs.append(harness.send(.gone(WorkerID(worker), planned: worker % 2 == 0))) }
            return outputs
        }
        #expect(run() == run())
    }
}
