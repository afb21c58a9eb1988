import Scheduling
import Testing

@Suite struct SchedulerRetryTests {
    let task = TaskID(job: JobID(1), index: 0)
    let retry = RetryPolicy(maximum: 2, backoffMilliseconds: 100, backoffLimitMilliseconds: 1_000)

    @Test func `a retryable failure runs again after its backoff, until the retries are used up`() {
        var harness = SchedulerHarness { $0.leaseMilliseconds = 1_000_000 }
        harness.submit(tasks: 0..<1, retry: retry)
        harness.register(1)
        harness.expect(commands: [assign(1, attempt(1, 0, 1))])
        for failures in Int32(1)...2 {
            harness.report(1, attempt(1, 0, Int64(failures)), .failed(retryable: true))
            harness.expect(verdicts: [.retried])
            let delay = retry.delayMilliseconds(of: task, failures: failures)
            harness.send(.tick, after: delay - 1)
            harness.expect()
            harness.send(.tick, after: 1)
            harness.expect(commands: [assign(1, attempt(1, 0, Int64(failures) + 1))])
        }
        harness.report(1, attempt(1, 0, 3), .failed(retryable: true))
        harness.expect(ended: [ended(.failed, by: attempt(1, 0, 3))], verdicts: [.accepted])
        harness.expectNothingElse()
    }

    @Test func `the deadline is the end of the backoff`() {
        var harness = SchedulerHarness { $0.leaseMilliseconds = 1_000_000 }
        harness.submit(tasks: 0..<1, retry: retry)
        harness.register(1)
        harness.report(1, attempt(1, 0, 1), .failed(retryable: true))
        let delay = retry.delayMilliseconds(of: task, failures: 1)
        #expect(harness.pending.deadline == Instant(nanoseconds: delay * 1_000_000))
    }

    @Test func `an error that is not retryable ends the task at once`() {
        var harness = SchedulerHarness()
        harness.submit(tasks: 0..<1)
        harness.register(1)
        harness.report(1, attempt(1, 0, 1), .failed(retryable: false))
        harness.expect(
            commands: [assign(1, attempt(1, 0, 1))], ended: [ended(.failed, by: attempt(1, 0, 1))], verdicts: [.accepted])
        harness.expectNothingElse()
    }

    @Test func `the backoff doubles, keeps half of itself as jitter, and has a limit`() {
        let policy = RetryPolicy(maximum: 50, backoffMilliseconds: 100, backoffLimitMilliseconds: 5_000)
        for failures in Int32(1)...50 {
            let full = min(Int64(100) << min(Int64(failures) - 1, 20), 5_000)
            let delay = policy.delayMilliseconds(of: task, failures: failures)
            #expect((full / 2...full).contains(delay))
            #expect(delay == policy.delayMilliseconds(of: task, failures: failures))
        }
        let delays = Set((Int32(0)..<100).map { policy.delayMilliseconds(of: TaskID(job: JobID(1), index: $0), failures: 1) })
        #expect(delays.count > 30)
    }

    @Test func `senseless retry policies are taken as the nearest sensible one`() {
        let huge = RetryPolicy(maximum: .max, backoffMilliseconds: .max, backoffLimitMilliseconds: .max)
        #expect((0...315_360_000_000).contains(huge.delayMilliseconds(of: task, failures: .max)))
        let negative = RetryPolicy(maximum: -1, backoffMilliseconds: .min, backoffLimitMilliseconds: .min)
        #expect(negative.delayMilliseconds(of: task, failures: .min) == 0)
        var harness = SchedulerHarness()
        harness.submit(tasks: 0..<1, retry: negative)
        harness.register(1)
        harness.report(1, attempt(1, 0, 1), .failed(retryable: true))
        harness.expect(
            commands: [assign(1, attempt(1, 0, 1))], ended: [ended(.failed, by: attempt(1, 0, 1))], verdicts: [.accepted])
        harness.expectNothingElse()
    }

    @Test func `an attempt handed back unasked runs again without counting as a failure`() {
        var harness = SchedulerHarness { $0.leaseMilliseconds = 1_000_000 }
        harness.submit(tasks: 0..<1, retry: RetryPolicy(maximum: 0, backoffMilliseconds: 100))
        harness.register(1)
        harness.expect(commands: [assign(1, attempt(1, 0, 1))])
        for number in Int64(1)...5 {
            harness.report(1, attempt(1, 0, number), .cancelled)
            harness.expect(verdicts: [.retried])
            harness.send(.tick, after: 100)
            harness.expect(commands: [assign(1, attempt(1, 0, number + 1))])
        }
        harness.expectNothingElse()
    }

    @Test func `an attempt out of time is stopped, and counts as a failure when it stops`() {
        var harness = SchedulerHarness { $0.leaseMilliseconds = 1_000_000 }
        harness.submit(tasks: 0..<1, retry: RetryPolicy(maximum: 1, backoffMilliseconds: 0), timeout: 50)
        harness.register(1)
        harness.expect(commands: [assign(1, attempt(1, 0, 1))])
        harness.send(.tick, after: 49)
        harness.expect()
        harness.send(.tick, after: 1)
        harness.expect(commands: [stop(1, attempt(1, 0, 1), .timedOut)])
        harness.report(1, attempt(1, 0, 1), .cancelled)
        harness.expect(verdicts: [.retried])
        harness.send(.tick)
        harness.expect(commands: [assign(1, attempt(1, 0, 2))])
        harness.send(.tick, after: 50)
        harness.report(1, attempt(1, 0, 2), .cancelled)
        harness.expect(
            commands: [stop(1, attempt(1, 0, 2), .timedOut)], ended: [ended(.failed, by: attempt(1, 0, 2), .ranTooLong)],
            verdicts: [.accepted])
        harness.expectNothingElse()
    }

    @Test func `a result that crossed the stop on its way counts`() {
        var harness = SchedulerHarness()
        harness.submit(tasks: 0..<1, timeout: 50)
        harness.register(1)
        harness.send(.tick, after: 50)
        harness.report(1, attempt(1, 0, 1), .succeeded)
        harness.expect(
            commands: [assign(1, attempt(1, 0, 1)), stop(1, attempt(1, 0, 1), .timedOut)],
            ended: [ended(.succeeded, by: attempt(1, 0, 1))], verdicts: [.accepted])
        harness.expectNothingElse()
    }

    @Test func `an attempt that does not stop is abandoned, fenced, and keeps its room`() {
        var harness = SchedulerHarness {
            $0.leaseMilliseconds = 1_000_000
            $0.stopGraceMilliseconds = 20
        }
        harness.submit(tasks: 0..<1, retry: RetryPolicy(maximum: 1, backoffMilliseconds: 0), timeout: 50)
        harness.register(1)
        harness.send(.tick, after: 50)
        harness.expect(commands: [assign(1, attempt(1, 0, 1)), stop(1, attempt(1, 0, 1), .timedOut)])
        harness.send(.tick, after: 20)
        harness.send(.tick)
        #expect(harness.scheduler.counts(of: JobID(1))?.waiting == 1)
        #expect(harness.scheduler.workers[0].inUse.milliCPU == 1_000)
        harness.expect()
        harness.register(2)
        harness.expect(commands: [assign(2, attempt(1, 0, 2))])
        harness.report(1, attempt(1, 0, 1), .succeeded)
        #expect(harness.scheduler.workers[0].inUse == .zero)
        harness.expect(verdicts: [.fenced])
        harness.report(2, attempt(1, 0, 2))
        harness.expect(ended: [ended(.succeeded, by: attempt(1, 0, 2))], verdicts: [.accepted])
        harness.expectNothingElse()
    }

    @Test func `the timeout of a task that waits on its worker starts when it may run`() {
        var harness = SchedulerHarness {
            $0.leaseMilliseconds = 1_000_000
            $0.prefillLimit = 1
        }
        harness.submit(tasks: 0..<3, timeout: 50)
        harness.register(1)
        harness.expect(commands: [assign(1, attempt(1, 0, 1), attempt(1, 1, 2))])
        harness.send(.tick, after: 40)
        harness.report(1, attempt(1, 0, 1))
        harness.expect(ended: [ended(.succeeded, by: attempt(1, 0, 1))], verdicts: [.accepted])
        harness.send(.tick, after: 49)
        harness.expect()
        harness.send(.tick, after: 1)
        harness.expect(commands: [stop(1, attempt(1, 1, 2), .timedOut)])
        harness.expectNothingElse()
    }
}
