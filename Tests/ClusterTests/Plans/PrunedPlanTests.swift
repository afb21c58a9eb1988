import Backtest
import MarketData
import Scheduling
import Search
import Specs
import Statistics
import Testing

@testable import Cluster

@Suite struct PrunedPlanTests {
    static let pruners = [
        PrunerSpec(rule: .window(level: 0.2), first: 2, every: 1, order: .chronological),
        PrunerSpec(rule: .percentile(share: 0.5, startup: 3), first: 2, every: 2, order: .spread),
        PrunerSpec(rule: .halving(reduction: 2), first: 2, order: .spread),
        PrunerSpec(rule: .hyperband(reduction: 2), first: 2, order: .chronological),
    ]

    /// Forty trials of eight windows with two bars each, at most six open at once.
    private func run(_ pruner: PrunerSpec?, trials: Int = 40) throws -> PlanRun {
        let goal = StudyGoal(
            isStudy: true, goals: Goals("sharpe", .maximize), strategy: nil, then: StudySpec.Then(),
            datasetHash: String(repeating: "a", count: 64), specHash: String(repeating: "b", count: 64), codeVersion: "1", job: 7,
            retrainSpec: nil)
        let space = try SearchSpace([.init(name: "x", distribution: .float(low: -1, high: 1))])
        let study = Study(
            space: space, sampler: TPESampler(), trials: trials, seed: 3, parallelTrials: 6, direction: .maximize)
        let windows = try (0..<8).map { try Window(index: $0, train: 0..<10, test: 10 + 2 * $0..<12 + 2 * $0) }
        var run = PlanRun(StudyPlan(job: JobID(7), goal: goal, study: study, windows: windows, bars: 26, pruner: pruner))
        run.judgeByWindows()
        return run
    }

    @Test(arguments: 0..<4) func `the order in which results arrive changes nothing`(_ index: Int) throws {
        var calm = try run(Self.pruners[index])
        calm.finish { $0.removeFirst() }
        let expected = try #require(calm.conclusion)
        #expect(expected.error == nil)
        for seed in 1...12 {
            var other = try run(Self.pruners[index])
            other.shuffle(seed: UInt64(seed))
            #expect(other.conclusion?.result == expected.result)
            #expect(other.records == calm.records)
        }
    }

    @Test(arguments: 0..<4) func `a plan rebuilt from what was recorded at any time goes on as if nothing had happened`(
        _ index: Int
    ) throws {
        var calm = try run(Self.pruners[index])
        calm.finish { $0.removeFirst() }
        for recorded in [0, 1, 2, 7, 20, 45, 80, 110, 140, 170] {
            var crashed = try run(Self.pruners[index])
            crashed.shuffle(seed: UInt64(recorded), steps: recorded)
            // The journal gives back the ended tasks by index, whatever their order was.
            var rebuilt = try run(Self.pruners[index])
            for task in crashed.ended.sorted() { rebuilt.end(task) }
            #expect(Set(rebuilt.ready) == Set(crashed.ready), "after \(recorded)")
            rebuilt.shuffle(seed: 99)
            #expect(rebuilt.conclusion?.result == calm.conclusion?.result, "after \(recorded)")
            #expect(rebuilt.records == calm.records)
        }
    }

    @Test(arguments: 0..<4) func `pruned trials are recorded with their windows and a reason, and save what is counted`(
        _ index: Int
    ) throws {
        var pruned = try run(Self.pruners[index])
        pruned.finish { $0.removeFirst() }
        let result = try #require(pruned.conclusion?.result)
        let records = pruned.records.values.sorted { $0.number < $1.number }
        let ended = records.filter { $0.state == "pruned" }
        #expect(records.count == 40 && !ended.isEmpty)
        #expect(ended.allSatisfy { ($0.steps ?? 8) < 8 && $0.reason?.isEmpty == false && $0.objective == nil })
        #expect(records.allSatisfy { $0.state == "pruned" || $0.state == "succeeded" && $0.steps == 8 && $0.reason == nil })
        let steps = records.reduce(0) { $0 + Int($1.steps ?? 0) }
        #expect(result.pruning == PruningView(trials: ended.count, steps: 320, stepsRun: steps))
        // A task for each window that ran, and one for each whole trial.
        #expect(result.tasks == steps + records.count - ended.count && pruned.ended.count == result.tasks)
        #expect(result.trialsCounted == 40)
        #expect(steps < 280, "\(steps) of 320 windows ran")
        // Of trials that are a multiple of twelve apart the windows decide, so the best may be another one; never a bad one.
        let best = try #require(result.leaderboard?.first)
        #expect(best.number * 7 % 12 >= 9)
    }

    @Test func `windows that run spread out are the same windows as in order`() throws {
        let spread = PrunerSpec(rule: .threshold(-100...100), first: 2, every: 3, order: .spread)
        var whole = try run(nil)
        whole.finish { $0.removeFirst() }
        var pruned = try run(spread)
        pruned.finish { $0.removeFirst() }
        // A pruner that stops nothing changes nothing but the record of it.
        #expect(pruned.conclusion?.result.resultHash == whole.conclusion?.result.resultHash)
        #expect(whole.conclusion?.result.pruning == nil && whole.records[0]?.steps == nil)
    }

    @Test func `a trial whose window fails at a rung fails without its other windows`() throws {
        var run = try run(Self.pruners[2])
        run.positions = { trial, part in trial == 4 && part == 1 ? [.nan, 0] : [0.5, -0.5] }
        run.finish { $0.removeFirst() }
        #expect(run.conclusion?.error == nil)
        #expect(run.records[4]?.state == "failed" && run.records[4]?.errorCode == "E_METRIC_VALUE")
        #expect(run.records[4]?.steps == 2)
    }

    @Test func `the spread of Sharpe ratios includes the pruned ones`() throws {
        var pruned = try run(Self.pruners[2])
        pruned.finish { $0.removeFirst() }
        var lone = try run(Self.pruners[2])
        // The same good trials, but what was pruned was hardly worse.
        lone.windowObjective = { trial, window in 3 + PlanRun.merit(trial, window) / 100 }
        lone.finish { $0.removeFirst() }
        let strict = try #require(pruned.conclusion?.result.deflatedSharpe)
        let mild = try #require(lone.conclusion?.result.deflatedSharpe)
        #expect(strict < mild)
    }
}
