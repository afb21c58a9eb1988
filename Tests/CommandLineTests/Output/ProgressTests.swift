import Cluster
import Testing

@testable import bellwether

@Suite struct ProgressTests {
    private func job(_ finished: Int, of tasks: Int, failed: Int = 0, best: Double? = nil, trials: Int? = nil) -> JobView {
        var job = JobView(
            id: 3, uid: "u", name: "n", kind: "study", state: "running", priority: 0, specHash: "s", dataset: nil, submittedAt: 0)
        job.progress = ProgressView(
            tasks: tasks, finished: finished, failed: failed, assigned: 0, trials: trials,
            trialsFinished: trials.map { _ in finished / 2 }, best: best)
        return job
    }

    @Test func `the rate is that of the window`() {
        var meter = ProgressMeter(window: 10)
        meter.update(finished: 0, at: 0)
        #expect(meter.perSecond == nil)
        meter.update(finished: 10, at: 1)
        #expect(meter.perSecond == 10)
        #expect(meter.secondsLeft(total: 60) == 5)
        // Ten times as fast from here on: after the window the past no longer counts.
        for second in 2...30 { meter.update(finished: 10 + (second - 1) * 100, at: Double(second)) }
        #expect(meter.perSecond == 100)
        #expect(meter.secondsLeft(total: 2910) == 0)
        #expect(meter.secondsLeft(total: 10) == 0)
    }

    @Test func `without progress there is no estimate`() {
        var meter = ProgressMeter()
        meter.update(finished: 5, at: 0)
        meter.update(finished: 5, at: 60)
        #expect(meter.perSecond == nil)
        #expect(meter.secondsLeft(total: 10) == nil)
    }

    @Test func `the line says what is known`() {
        var meter = ProgressMeter()
        #expect(ProgressLine.text(job(0, of: 0), meter, width: 80) == "job 3  waiting")
        meter.update(finished: 0, at: 0)
        meter.update(finished: 50, at: 2)
        #expect(
            ProgressLine.text(job(50, of: 200, failed: 2, best: 1.25, trials: 100), meter, width: 120)
                == "job 3  [=======>                      ]  26%  25/100 trials  2 failed  25 tasks/s  best 1.250  6.0 s left")
        #expect(
            ProgressLine.text(job(200, of: 200), meter, width: 60) == "job 3  [================]  100%  200/200 tasks  25 tasks/s"
        )
    }

    @Test func `the line fits the terminal`() {
        #expect(ProgressLine.text(job(1, of: 3, best: 1, trials: 9), ProgressMeter(), width: 40).count <= 39)
        #expect(ProgressLine.bar(0, cells: 4) == "[>   ]")
        #expect(ProgressLine.bar(1, cells: 4) == "[====]")
        #expect(ProgressLine.bar(7, cells: 4) == "[====]")
        #expect(ProgressLine.bar(-1, cells: 4) == "[>   ]")
    }
}
