import Backtest
import MarketData
import Scheduling
import Search
import Specs
import SwiftProtobuf
import Testing
import Wire

@testable import Cluster

@Suite struct StudyPlanTests {
    @Test("The order in which results arrive changes neither the trials nor the result", arguments: 1...20)
    func orderDoesNotMatter(_ seed: UInt64) throws {
        var inOrder = PlanRun(try Self.plan())
        inOrder.finish { $0.removeFirst() }
        var shuffled = PlanRun(try Self.plan())
        var state = seed &* 0x9E37_79B9_7F4A_7C15
        shuffled.finish { ready in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return ready.remove(at: Int((state >> 33) % UInt64(ready.count)))
        }
        let expected = try #require(inOrder.conclusion)
        #expect(expected.error == nil)
        #expect(shuffled.conclusion?.result == expected.result)
        #expect(expected.result.tasks == 12 * 4)
        #expect(expected.result.leaderboard?.count == 12)
    }

    @Test(
        "A plan that is rebuilt from what was recorded goes on as if nothing had happened", arguments: [0, 1, 3, 4, 17, 30, 47])
    func rebuilds(_ recorded: Int) throws {
        var calm = PlanRun(try Self.plan())
        calm.finish { $0.removeLast() }
        var crashed = PlanRun(try Self.plan())
        for _ in 0..<recorded { crashed.step { $0.removeLast() } }
        // The journal gives back the ended tasks by index, whatever their order was.
        var rebuilt = PlanRun(try Self.plan())
        for index in crashed.ended.sorted() { rebuilt.end(index) }
        #expect(Set(rebuilt.ready) == Set(crashed.ready))
        rebuilt.finish { $0.removeFirst() }
        #expect(rebuilt.conclusion?.result == calm.conclusion?.result)
    }

    @Test("A plan that takes up recorded trials goes on as if nothing had happened", arguments: [0, 1, 5, 17, 30, 47])
    func takesUpRecords(_ recorded: Int) throws {
        for order in SearchOrder.allCases {
            var calm = PlanRun(try Self.plan(order: order))
            calm.finish { $0.removeLast() }
            var crashed = PlanRun(try Self.plan(order: order))
            for _ in 0..<recorded { crashed.step { $0.removeLast() } }
            var rebuilt = PlanRun(
                try Self.plan(order: order), recorded: RecordedTrials(crashed.records.values.sorted { $0.number < $1.number }))
            for index in crashed.ended.sorted() { rebuilt.end(index) }
            #expect(Set(rebuilt.ready) == Set(crashed.ready))
            // What is on record already is not written again.
            #expect(rebuilt.records.isEmpty)
            rebuilt.finish { $0.removeLast() }
            let result = try #require(rebuilt.conclusion?.result)
            #expect(result == calm.conclusion?.result || order == .asynchronous)
            #expect(result.leaderboard?.count == 12 && result.tasks == 48)
        }
    }

    @Test(
        "A trial whose objective is not finite has failed; the study goes on and never ranks it",
        arguments: [Double.nan, .infinity, -.infinity])
    func refusesNonFiniteObjectives(_ value: Double) throws {
        var run = PlanRun(try Self.plan())
        run.objective = { trial in trial == 5 ? value : Double(trial) }
        run.finish { $0.removeFirst() }
        let conclusion = try #require(run.conclusion)
        #expect(conclusion.error == nil)
        #expect(conclusion.result.leaderboard?.contains { $0.number == 5 } == false)
        #expect(conclusion.result.leaderboard?.first?.number == 11)
        #expect(conclusion.result.leaderboard?.count == 11)
        #expect(conclusion.result.trialsCounted == 12)
        #expect(run.records[5]?.state == "failed")
        #expect(run.records[5]?.objective == nil)
        #expect(run.records[5]?.errorCode == "E_METRIC_VALUE")
        #expect(run.records[5]?.errorMessage?.contains("\(value)") == true)
    }

    @Test("A study without one finite objective fails and says why")
    func failsWithoutAnObjective() throws {
        var run = PlanRun(try Self.plan())
        run.objective = { _ in .nan }
        run.finish { $0.removeFirst() }
        #expect(run.conclusion?.error?.code == "E_METRIC_VALUE")
        #expect(run.conclusion?.error?.message == "no trial succeeded: the trial's sharpe is nan, not a finite number")
    }

    @Test("A stitch with metrics that are absent, too many or not finite fails its trial with the reason")
    func saysWhyATrialFailed() throws {
        let cases: [(String, (inout ProtoStitchResult) -> Void)] = [
            ("E_METRIC_MISSING", { $0.metrics["sharpe"] = nil }),
            ("E_METRIC_COUNT", { stitch in for number in 0..<1_000 { stitch.metrics["m\(number)"] = 1 } }),
            ("E_METRIC_VALUE", { $0.metrics["sharpe"] = .nan }), ("E_METRIC_VALUE", { $0.returns[1] = .infinity }),
        ]
        for (code, spoil) in cases {
            var run = PlanRun(try Self.plan())
            run.change = { trial, stitch in if trial == 3 { spoil(&stitch) } }
            run.finish { $0.removeFirst() }
            #expect(run.records[3]?.state == "failed" && run.records[3]?.errorCode == code)
            #expect(run.records[3]?.errorMessage?.isEmpty == false)
            #expect(run.records.values.count { $0.errorCode != nil } == 1)
            #expect(run.conclusion?.error == nil && run.conclusion?.result.leaderboard?.count == 11)
            let view = try #require(run.records[3].map(TrialView.init))
            #expect(view.error?.code == code)
        }
    }

    @Test("A window with positions that are not finite, too many or too few fails its trial only")
    func refusesUnsoundWindows() throws {
        for unsound in [[0.5, .nan], [0.5], [0.5, 0.5, 0.5], []] {
            var run = PlanRun(try Self.plan())
            run.positions = { trial, part in trial == 2 && part == 1 ? unsound : [0.5, -0.5] }
            run.finish { $0.removeFirst() }
            let result = try #require(run.conclusion?.result)
            #expect(result.leaderboard?.count == 11 && result.leaderboard?.contains { $0.number == 2 } == false)
            #expect(run.records[2]?.errorCode == "E_METRIC_VALUE")
        }
    }

    @Test("The best is judged by every trial it was picked from: failed ones and those of earlier studies too")
    func countsEveryTrial() throws {
        var alone = PlanRun(try Self.plan())
        alone.finish { $0.removeFirst() }
        var later = PlanRun(try Self.plan(earlierTrials: 500))
        later.finish { $0.removeFirst() }
        let (first, second) = (try #require(alone.conclusion?.result), try #require(later.conclusion?.result))
        #expect(first.trialsCounted == 12 && second.trialsCounted == 512 && second.earlierTrials == 500)
        #expect(try #require(second.deflatedSharpe) < (try #require(first.deflatedSharpe)))
        // What a study comes to does not depend on what was tried before.
        #expect(first.resultHash == second.resultHash && first.leaderboard == second.leaderboard)

        var failing = PlanRun(try Self.plan())
        failing.objective = { trial in trial == 0 ? .nan : Double((trial * 7) % 12) }
        failing.finish { $0.removeFirst() }
        let sharpes = (1..<12).map { Double(($0 * 7) % 12) / (252.0).squareRoot() }
        let expected = [11, 12].map { trials in
            SharpeInference.deflatedSharpe(
                sharpePerPeriod: sharpes.max() ?? 0, skew: 0, kurtosis: 3, periods: 6, trialSharpesPerPeriod: sharpes,
                trials: trials)
        }
        #expect(failing.conclusion?.result.deflatedSharpe == expected[1] && expected[0] != expected[1])
    }

    /// Twelve trials of three windows with two bars each, at most four open at once.
    private static func plan(earlierTrials: Int = 0, order: SearchOrder = .reproducible) throws -> StudyPlan {
        let goal = StudyGoal(
            isStudy: true, goals: Goals("sharpe", .maximize), strategy: nil, then: StudySpec.Then(),
            datasetHash: String(repeating: "a", count: 64), specHash: String(repeating: "b", count: 64), codeVersion: "1", job: 7,
            retrainSpec: nil, earlierTrials: earlierTrials)
        let space = try SearchSpace([
            .init(name: "x", distribution: .float(low: -1, high: 1, log: false, step: nil)),
            .init(name: "n", distribution: .int(low: 1, high: 9, log: false, step: 1)),
        ])
        let study = Study(
            space: space, sampler: TPESampler(), trials: 12, seed: 3, parallelTrials: 4, direction: .maximize, order: order)
        let windows = try (0..<3).map { try Window(index: $0, train: 0..<10, test: 10 + 2 * $0..<12 + 2 * $0) }
        return StudyPlan(job: JobID(7), goal: goal, study: study, windows: windows, bars: 16)
    }
}

/// A plan with the part of the scheduler that it needs: which tasks may run, and what they come to.
private struct PlanRun {
    private var plan: StudyPlan
    private(set) var ready: [Int32] = []
    private(set) var ended: [Int32] = []
    private(set) var conclusion: PlanConclusion?
    private(set) var records: [Int32: TrialRecord] = [:]
    private var waiting: [(index: Int32, on: Range<Int32>)] = []
    var objective: (Int) -> Double = { Double(($0 * 7) % 12) }
    var change: (Int, inout ProtoStitchResult) -> Void = { _, _ in }
    var positions: (Int, Int) -> [Double] = { _, _ in [0.5, -0.5] }

    init(_ plan: StudyPlan, recorded: RecordedTrials = .none) {
        self.plan = plan
        take(self.plan.start(recorded))
    }

    mutating func finish(_ pick: (inout [Int32]) -> Int32) {
        while !ready.isEmpty { step(pick) }
    }

    mutating func step(_ pick: (inout [Int32]) -> Int32) {
        let index = pick(&ready)
        end(index)
    }

    /// Ends a task with the result that this task has, whenever it runs.
    mutating func end(_ index: Int32) {
        ready.removeAll { $0 == index }
        ended.append(index)
        let (trial, part) = Int(index).quotientAndRemainder(dividingBy: 4)
        var result = ProtoTaskResult()
        if part < 3 {
            let row = positions(trial, part)
            result.window = .with { $0.positions = row.isEmpty ? [] : [.with { $0.positions = row }] }
        } else {
            let value = objective(trial)
            var stitch = ProtoStitchResult()
            stitch.metrics = ["sharpe": value, "periods": 6, "skew": 0, "kurtosis": 3]
            stitch.returns = [0.01, Double(trial) * 0.001]
            change(trial, &stitch)
            result.stitch = stitch
        }
        take(plan.ended(index, .succeeded, result: result, error: nil))
        for (waiter, on) in waiting where on.allSatisfy(ended.contains) { if !ended.contains(waiter) { ready.append(waiter) } }
        waiting.removeAll { $0.on.allSatisfy(ended.contains) }
    }

    private mutating func take(_ step: PlanStep) {
        for batch in step.tasks {
            switch batch {
            case .range(let range): ready += range
            case .dependent(let index, let range): waiting.append((index, range))
            }
        }
        for trial in step.trials { records[trial.number] = trial }
        if let conclusion = step.conclusion { self.conclusion = conclusion }
    }
}
