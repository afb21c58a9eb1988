import Cluster
import Testing

@testable import bellwether

@Suite struct TopTextTests {
    private func sight(finished: UInt64, at: Double, jobs: [JobView] = []) -> TopText.Sight {
        let worker = WorkerView(
            id: 1, bootID: "b", host: "alpha", processID: 7, milliCPU: 4_000, memory: 8 << 30, milliCPUInUse: 3_000,
            memoryInUse: 0,
            assigned: 5, finished: finished, busyMicroseconds: 0, draining: false, silentMilliseconds: 250)
        let info = InfoView(
            clusterID: "0123456789", term: 3, codeVersion: "v", workerEndpoint: "w", workers: 1, openJobs: jobs.count,
            queuedTasks: 42)
        return TopText.Sight(info: info, workers: [worker], jobs: jobs, at: at)
    }

    private func job(_ id: Int64, paused: Bool = false) -> JobView {
        var view = JobView(
            id: id, uid: "u", name: "study-\(id)", kind: "study", state: "running", priority: 2, specHash: "h", dataset: nil,
            submittedAt: 0)
        view.progress = ProgressView(tasks: 100, finished: 25, failed: 1, assigned: 4)
        view.paused = paused
        return view
    }

    @Test func `one screen shows load, jobs, workers and the rates since the look before`() {
        let screen = TopText.screen(
            sight(finished: 350, at: 12, jobs: [job(8), job(9, paused: true)]), since: sight(finished: 100, at: 10), rows: 40,
            columns: 160)
        #expect(screen.contains("cluster 01234567  term 3  1 worker  2 open jobs  42 tasks queued"))
        #expect(screen.contains("3 of 4") && screen.contains("125 tasks/s"))
        #expect(screen.contains("study-8") && screen.contains("25/100") && screen.contains("paused"))
        #expect(screen.contains("alpha") && screen.contains("350"))
    }

    @Test func `a small terminal is never exceeded, and the first look has no rates`() {
        let screen = TopText.screen(sight(finished: 1, at: 0, jobs: (1...50).map { job($0) }), since: nil, rows: 12, columns: 40)
        let lines = screen.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count <= 12 && lines.allSatisfy { $0.count <= 40 })
        #expect(!screen.contains("tasks/s "))
        #expect(screen.contains("... 46 more"))
    }
}
