import Scheduling
import Testing

@Suite struct SchedulerExplainTests {
    private func reasons(_ harness: SchedulerHarness, _ job: Int64 = 1) -> [WaitingReason]? {
        harness.scheduler.explain(JobID(job))?.reasons
    }

    @Test func `without workers, with workers that are too small, and with workers that are busy`() {
        var harness = SchedulerHarness()
        harness.submit(1, tasks: 0..<2, cpu: 2, memory: 1 << 29)
        #expect(reasons(harness) == [.noWorkers])
        harness.register(1, cpu: 1, memory: 1 << 40)
        harness.register(2, cpu: 4, memory: 1 << 20)
        let asked = Resources(milliCPU: 2_000, memory: 1 << 29)
        #expect(
            reasons(harness) == [
                .tooLarge(asked: asked, best: WorkerID(1), capacity: Resources(milliCPU: 1_000, memory: 1 << 40))
            ])
        harness.register(3, cpu: 3, memory: 1 << 30)
        // One runs; the other finds one core free where it needs two.
        #expect(
            reasons(harness) == [
                .noRoom(asked: asked, workers: 1, closest: WorkerID(3), free: Resources(milliCPU: 1_000, memory: 1 << 29))
            ])
        #expect(harness.scheduler.explain(JobID(1))?.ready == 1)
        // One of these fits the worker with the most cores; the rest waits in front.
        harness.submit(2, tasks: 0..<5, priority: 1, cpu: 3)
        #expect(reasons(harness)?.last == .behind(tasks: 4, jobs: 1))
        #expect(reasons(harness, 2)?.count == 1)
        #expect(reasons(harness, 9) == nil)
    }

    @Test func `holds, limits and quotas are named`() {
        var harness = SchedulerHarness(term: 1) {
            $0.queues = [QueueDefinition(name: "capped", quota: Resources(milliCPU: 2_000, memory: 1 << 40))]
        }
        harness.submit(1, tasks: 0..<5) { ($0.queue, $0.runningLimit) = ("capped", 1) }
        harness.register(1, cpu: 8)
        #expect(reasons(harness) == [.runningLimit(1)])
        harness.send(.hold(JobID(1), .paused))
        harness.send(.hold(JobID(1), .dependencies))
        #expect(reasons(harness) == [.paused, .jobs, .runningLimit(1)])
        harness.submit(2, tasks: 0..<5) { $0.queue = "capped" }
        #expect(
            reasons(harness, 2) == [
                .quota(
                    queue: "capped", quota: Resources(milliCPU: 2_000, memory: 1 << 40),
                    inUse: Resources(milliCPU: 2_000, memory: 0))
            ])
    }

    @Test func `tasks that wait for others or for a retry are counted`() {
        var harness = SchedulerHarness()
        harness.submit(1)
        harness.send(.append(JobID(1), [.range(0..<1), .dependent(1, on: 0..<1), .dependent(2, on: 0..<1)]))
        harness.register(1)
        #expect(reasons(harness) == [.tasks(2)])
        harness.report(1, attempt(1, 0, 1), .failed(retryable: true))
        #expect(reasons(harness) == [.tasks(2), .backoff(1)])
    }

    @Test func `after a restart the head says that it still listens`() {
        var harness = SchedulerHarness { $0.recoveryGraceMilliseconds = 500 }
        harness.register(1)
        harness.submit(1, tasks: 0..<1)
        #expect(reasons(harness) == [.recovering(milliseconds: 500)])
        harness.send(.tick, after: 500)
        #expect(reasons(harness) == [])
    }
}
