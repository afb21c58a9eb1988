import Cluster
import Testing

@testable import bellwether

@Suite struct StudyTextTests {
    private func trial(_ number: Int32, _ objective: Double) -> TrialView {
        TrialView(
            number: number, state: "succeeded", parameters: ["l2": .number(2), "kind": .text("ridge")], objective: objective,
            metrics: ["sharpe": objective])
    }

    private var study: StudyView {
        var study = StudyView(
            job: 3, state: "succeeded", direction: "maximize", objective: "sharpe", trials: 200, succeeded: 198,
            trialsCounted: 600,
            earlierTrials: 400, best: trial(7, 1.5), deflatedSharpe: 0.75,
            overfitting: OverfittingView(probability: 0.25, lossProbability: 0.05, trials: 198, blocks: 16),
            parameters: [
                SearchedView(name: "l2", scale: "log", low: 0.1, high: 10, bestTenth: 0.1, variance: 0.2),
                SearchedView(
                    name: "kind", scale: "choice", choices: [.text("ridge"), .text("<b>")], bestTenth: 0.9, variance: 0.5),
            ],
            plateau: PlateauView(
                typical: 0.5, falls: [FallView(distance: 0.05, objective: 1.25), FallView(distance: 0.4, objective: 0.75)],
                robust: trial(9, 1.25), robustObjective: 1.2, bestObjective: 1.1, robustDistance: 0.1, robustDeflatedSharpe: 0.5))
        study.contours = [ContourView(first: "l2", second: "kind", size: 2, objectives: [0, 1, 0.5, 0.25])]
        return study
    }

    @Test func `the best trial stands with what it was picked from`() {
        let text = StudyText.best(study, robust: false)
        for line in [
            "trial      7", "picked from      600 trials, 400 of them before this study", "deflated Sharpe  0.7500",
            "overfitting      25.00% of the splits put the best below the median, 5.00% into loss (198 trials, 16 blocks)",
            "best, up to 5 % away", "most robust, up to 10 % away  1.200: trial 9, see --robust",
            "kind           90.00%    50.00%",
        ] { #expect(text.contains(line), "\(line)\n\(text)") }
        let robust = StudyText.best(study, robust: true)
        #expect(robust.contains("trial      9") && robust.contains("deflated Sharpe  0.5000") && !robust.contains("see --robust"))
        var bare = study
        (bare.best, bare.plateau) = (nil, nil)
        #expect(StudyText.best(bare, robust: false) == "no trial has an objective yet")
    }

    @Test func `a study under way is one picture or one line`() {
        var job = JobView(
            id: 3, uid: "u", name: "s", kind: "study", state: "running", priority: 0, specHash: "h", dataset: nil, submittedAt: 0)
        job.progress = ProgressView(
            tasks: 40, finished: 20, failed: 0, assigned: 2, trials: 10, trialsFinished: 4, best: 2,
            samplers: ["gp": 0.625, "tpe": 0.25, "cma": 0.125])
        var trials = [trial(0, 1), trial(1, 0.5), trial(2, 2), trial(3, 1.5)]
        (trials[1].state, trials[1].objective) = ("failed", nil)
        trials.append(TrialView(number: 4, state: "running", parameters: [:], objective: nil, metrics: [:]))
        let view = WatchView(job, trials: trials)
        #expect(view.finished == 4 && view.failed == 1 && view.trials == 10 && view.best?.number == 2)
        #expect(view.bests.map(\.number) == [2, 0])
        let line = WatchText.line(view, ProgressMeter())
        #expect(line == "job 3 running, 4/10 trials, 1 failed, best 2 (trial 2), next from gp 63%  tpe 25%  cma 13%")
        let screen = WatchText.screen(view, ProgressMeter(), rows: 8, columns: 60)
        let lines = screen.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count == 8 && lines.allSatisfy { $0.count <= 60 })
        #expect(lines[1].contains("4/10 trials") && screen.contains("next from"))
        // The smaller is better where the best value says so.
        job.progress?.best = 0.5
        trials[1].objective = 0.5
        #expect(WatchView(job, trials: trials).bests.map(\.number) == [1, 0])
        #expect(
            WatchText.screen(WatchView(job, trials: []), ProgressMeter(), rows: 20, columns: 80).contains(
                "no trial has an objective"))
    }

    @Test func `the study's page shows every part, and texts from outside are text`() {
        var job = JobView(
            id: 3, uid: "u", name: "s<i>", kind: "study", state: "succeeded", priority: 0, specHash: "abc", dataset: nil,
            submittedAt: 0)
        job.result = JobResult(resultHash: "0123", tasks: 1, failed: 0)
        var trials = (0..<30).map { trial($0, Double($0 * 7 % 30)) }
        (trials[4].state, trials[4].objective) = ("failed", nil)
        trials[5].parameters = ["l2": .number(5), "kind": .text("<b>")]
        trials[6].parameters = [:]
        let html = ReportPage.html(study, job: job, trials: trials)
        for part in [
            "<h1>s&lt;i&gt;</h1>", "History: sharpe by trial", "Parallel coordinates", "Importance", "Around the best trial",
            "Slices",
            "Contours", "kind over l2", "Trials counted", "600", "&lt;b&gt;", "0123",
        ] { #expect(html.contains(part), "\(part)") }
        #expect(!html.contains("<b>ridge") && !html.contains("NaN") && !html.contains("nan"))
        #expect(ReportPage.html(study, job: job, trials: trials) == html)
        #expect(!html.contains("Front:"))
        var two = study
        two.further = [ObjectiveView(metric: "turnover", direction: "minimize")]
        let costly = trials.map { trial in
            var trial = trial
            trial.metrics["turnover"] = Double(trial.number)
            return trial
        }
        #expect(ReportPage.html(two, job: job, trials: costly).contains("Front: turnover against sharpe"))
        #expect(!ReportPage.html(two, job: job, trials: trials).contains("Front:"))
        // Nothing to show is no trap.
        var empty = study
        (empty.parameters, empty.plateau, empty.contours, empty.best) = ([], nil, [], nil)
        #expect(ReportPage.html(empty, job: job, trials: []).contains("No trial has an objective yet"))
        #expect(ReportPage.html(empty, job: job, trials: Array(trials.prefix(1))).contains("History"))
    }
}
