import Scheduling
import Testing

@Suite struct SchedulerGangTests {
    private func submit(
        _ harness: inout SchedulerHarness, _ job: Int64 = 1, gang: Int32, gangs: Int32 = 1, cpu: Int64 = 1, priority: Int32 = 0,
        retry: RetryPolicy = RetryPolicy(maximum: 1, backoffMilliseconds: 100, backoffLimitMilliseconds: 100)
    ) {
        harness.submit(job, tasks: 0..<gang * gangs, priority: priority, retry: retry) {
            $0.demand = Demand([Resources(milliCPU: cpu * 1_000, memory: 0)], gang: gang)
        }
    }

    @Test func `a gang starts when there is room for all of it, and not before`() {
        var harness = SchedulerHarness()
        harness.register(1, cpu: 2)
        submit(&harness, gang: 3)
        #expect(harness.scheduler.explain(JobID(1))?.reasons.first == .tooFew(members: 3, slots: 2))
        harness.expect()
        harness.register(2, cpu: 2)
        harness.expect(commands: [assign(1, attempt(1, 0, 1), attempt(1, 1, 2)), assign(2, attempt(1, 2, 3))])
        #expect(harness.scheduler.gangWorkers(of: TaskID(job: JobID(1), index: 2)) == [1, 1, 2].map { WorkerID($0) })
        for (worker, number) in [(Int32(2), Int64(3)), (1, 1), (1, 2)] {
            harness.report(worker, attempt(1, Int32(number) - 1, number))
            harness.expect(ended: [ended(.succeeded, by: attempt(1, Int32(number) - 1, number))], verdicts: [.accepted])
        }
        harness.expectNothingElse()
    }

    @Test func `two gangs that each need more than half never hold a part each`() {
        var harness = SchedulerHarness()
        for worker in Int32(1)...4 { harness.register(worker) }
        submit(&harness, 1, gang: 3)
        submit(&harness, 2, gang: 3)
        #expect(harness.scheduler.counts(of: JobID(1))?.assigned == 3)
        #expect(harness.scheduler.counts(of: JobID(2))?.assigned == 0)
        #expect(harness.scheduler.explain(JobID(2))?.reasons.first == .gang(members: 3, slots: 1))
        for index in Int32(0)..<3 { harness.report(index + 1, attempt(1, index, Int64(index) + 1)) }
        #expect(harness.scheduler.counts(of: JobID(2))?.assigned == 3)
    }

    @Test func `small tasks do not keep a gang of higher priority out for ever`() {
        var harness = SchedulerHarness()
        for worker in Int32(1)...3 { harness.register(worker) }
        harness.submit(1, tasks: 0..<100)
        submit(&harness, 2, gang: 3, priority: 1)
        harness.report(1, attempt(1, 0, 1))
        harness.report(2, attempt(1, 1, 2))
        #expect(harness.scheduler.counts(of: JobID(1))?.assigned == 1)
        harness.report(3, attempt(1, 2, 3))
        #expect(harness.scheduler.counts(of: JobID(2))?.assigned == 3)
    }

    @Test func `when one fails the others are stopped, and all run again together`() {
        var harness = SchedulerHarness()
        harness.register(1, cpu: 4)
        submit(&harness, gang: 2)
        harness.expect(commands: [assign(1, attempt(1, 0, 1), attempt(1, 1, 2))])
        harness.report(1, attempt(1, 1, 2), .failed(retryable: true))
        harness.expect(commands: [stop(1, attempt(1, 0, 1), .fenced)], verdicts: [.retried])
        // What the stopped one reports changes nothing.
        harness.report(1, attempt(1, 0, 1))
        harness.expect(verdicts: [.fenced])
        harness.send(.tick, after: 100)
        harness.expect(commands: [assign(1, attempt(1, 0, 3), attempt(1, 1, 4))])
        // The gang as a whole is out of retries, whichever task fails.
        harness.report(1, attempt(1, 0, 3), .failed(retryable: true))
        harness.expect(
            commands: [stop(1, attempt(1, 1, 4), .cancelled)],
            ended: [ended(.failed, by: attempt(1, 0, 3)), ended(.failed, 1, 1, .gang)], verdicts: [.accepted])
        harness.expectNothingElse()
    }

    @Test func `a worker that is lost takes its whole gang along, once`() {
        var harness = SchedulerHarness()
        harness.register(1, cpu: 2)
        harness.register(2, cpu: 1)
        submit(&harness, gang: 3)
        harness.pending = Output()
        harness.send(.gone(WorkerID(1), planned: false))
        harness.expect(commands: [stop(2, attempt(1, 2, 3), .fenced)])
        // It comes back with what it ran: too late.
        harness.register(1, cpu: 2, holding: [attempt(1, 0, 1), attempt(1, 1, 2)])
        harness.expect(commands: [stop(1, attempt(1, 0, 1), .fenced), stop(1, attempt(1, 1, 2), .fenced)])
        for (worker, index) in [(Int32(1), Int32(0)), (1, 1), (2, 2)] {
            harness.report(worker, attempt(1, index, Int64(index) + 1), .cancelled)
        }
        harness.expect(
            commands: [assign(1, attempt(1, 0, 4), attempt(1, 1, 5)), assign(2, attempt(1, 2, 6))],
            verdicts: [.fenced, .fenced, .fenced])
        harness.expectNothingElse()
    }

    @Test func `a gang of which one has succeeded does not run again`() {
        var harness = SchedulerHarness()
        harness.register(1, cpu: 3)
        submit(&harness, gang: 3)
        harness.report(1, attempt(1, 0, 1))
        harness.pending = Output()
        harness.report(1, attempt(1, 1, 2), .failed(retryable: true))
        harness.expect(
            commands: [stop(1, attempt(1, 2, 3), .cancelled)],
            ended: [ended(.failed, by: attempt(1, 1, 2)), ended(.failed, 1, 2, .gang)], verdicts: [.accepted])
        harness.expectNothingElse()
    }

    @Test func `a cancelled task cancels its gang, and no other`() {
        var harness = SchedulerHarness()
        harness.register(1, cpu: 4)
        submit(&harness, gang: 2, gangs: 2)
        harness.pending = Output()
        harness.send(.cancelTasks(JobID(1), [3..<4]))
        harness.expect(
            commands: [stop(1, attempt(1, 3, 4), .cancelled), stop(1, attempt(1, 2, 3), .cancelled)],
            ended: [ended(.cancelled, 1, 3, .asked), ended(.cancelled, 1, 2, .gang)])
        harness.expectNothingElse()
    }

    @Test func `after a restart a gang goes on when all of it turns up, and starts anew when not`() {
        for isWhole in [true, false] {
            var harness = SchedulerHarness(term: 2) { $0.recoveryGraceMilliseconds = 1_000 }
            submit(&harness, gang: 2)
            harness.register(1, holding: [attempt(1, 0, 1)])
            harness.register(2, holding: isWhole ? [attempt(1, 1, 2)] : [])
            harness.expect()
            harness.send(.tick, after: 1_000)
            if isWhole {
                harness.expect()
                #expect(harness.scheduler.assignedCount == 2)
            } else {
                harness.expect(commands: [stop(1, attempt(1, 0, 1), .fenced)])
                harness.report(1, attempt(1, 0, 1), .cancelled)
                let (first, second) = (attempt(1, 0, 1, term: 2), attempt(1, 1, 2, term: 2))
                harness.expect(commands: [assign(1, first), assign(2, second)], verdicts: [.fenced])
            }
            harness.expectNothingElse()
        }
    }
}
