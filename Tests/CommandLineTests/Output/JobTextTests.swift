import Cluster
import Testing

@testable import bellwether

@Suite struct JobTextTests {
    private var study: JobView {
        let trial = TrialView(
            number: 9, state: "succeeded", parameters: ["l2": .number(2)], objective: 1.5, metrics: ["sharpe": 1.5])
        var job = JobView(
            id: 2, uid: "u", name: "spx-ridge", kind: "study", state: "succeeded", priority: 0, specHash: "s", dataset: "d",
            submittedAt: 1_000,
            endedAt: 13_000)
        job.result = JobResult(
            resultHash: "abc", tasks: 40, failed: 1, leaderboard: [trial], deflatedSharpe: 0.97, trialsCounted: 200,
            model: "spx-ridge", version: 3,
            gate: GateView(expression: "deflatedSharpe > 0.95", passed: true, values: ["deflatedSharpe": 0.97], alias: "champion")
        )
        return job
    }

    @Test func `a result says what came of the job`() {
        let text = JobText.result(study)
        #expect(text.hasPrefix("spx-ridge (job 2) succeeded after 12 s, 40 tasks, 1 failed\n"))
        #expect(text.contains("deflated Sharpe  0.9700 over 200 trials"))
        var later = study
        later.result?.earlierTrials = 150
        #expect(JobText.result(later).contains("deflated Sharpe  0.9700 over 200 trials, 150 of them before this study"))
        #expect(text.contains("model            spx-ridge version 3"))
        #expect(text.contains("deflatedSharpe > 0.95: passed, promoted to champion (deflatedSharpe = 0.9700)"))
        #expect(text.contains("result hash      abc"))
    }

    @Test func `a failed job shows its error`() {
        var job = study
        (job.state, job.result) = ("failed", nil)
        job.error = ErrorView(code: "E_TASK", message: "a task failed \u{1B}[31m", hint: "see the log")
        #expect(
            JobText.result(job) == "spx-ridge (job 2) failed after 12 s\nE_TASK: a task failed \\u{1b}[31m\n  hint: see the log")
    }

    @Test func `the list has one line a job`() {
        var running = study
        (running.id, running.state, running.endedAt, running.result) = (3, "running", nil, nil)
        running.progress = ProgressView(tasks: 40, finished: 9, failed: 1, assigned: 2, best: 0.5)
        let lines = JobText.table([running, study]).split(separator: "\n").map(String.init)
        #expect(lines.count == 3)
        #expect(lines[1].contains("running"))
        #expect(lines[1].contains("25%"))
        #expect(lines[2].contains("1970-01-01 00:00:01"))
        #expect(lines[2].hasSuffix("12 s"))
        #expect(JobText.table([]) == "no jobs yet")
    }

    @Test func `a name that holds escapes is shown, not obeyed`() {
        var job = study
        job.name = "x\u{1B}]0;owned\u{7}"
        for text in [JobText.table([job]), JobText.details(job), JobText.result(job)] {
            #expect(!text.unicodeScalars.contains { $0.value == 0x1B || $0.value == 7 })
        }
    }
}
