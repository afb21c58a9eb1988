import Backtest
import MarketData
import Registry
import Scheduling
import Specs
import SwiftProtobuf
import Testing
import Wire

@testable import Cluster

/// The plans of sweeps, stress tests, certifications and nested studies.
@Suite struct KindPlanTests {
    /// One plan of every kind, with what its tasks come to.
    enum Kind: String, CaseIterable, Sendable {
        case sweep, stress, certify, nested, crossValidate

        func harness(
            _ change: @escaping (Int32, inout ProtoTaskResult) -> Void = { _, _ in }, failing: Int32? = nil
        ) throws
            -> PlanHarness
        {
            PlanHarness(try KindPlanTests.plan(self)) { index, payload in
                guard index != failing else { return nil }
                var result = KindPlanTests.result(of: payload)
                change(index, &result)
                return result
            }
        }
    }

    @Test("Results in any order come to the same conclusion, the same hash and the same trials", arguments: Kind.allCases, 1...8)
    func orderDoesNotMatter(_ kind: Kind, _ seed: UInt64) throws {
        var inOrder = try kind.harness()
        inOrder.finish()
        var shuffled = try kind.harness()
        shuffled.run(shuffledBy: seed)
        let expected = try #require(inOrder.conclusion)
        #expect(expected.error == nil && expected.result.failed == 0)
        #expect(expected.result.tasks == inOrder.taskCount && inOrder.ended.count == inOrder.taskCount)
        #expect(shuffled.conclusion?.result == expected.result)
        #expect(shuffled.records == inOrder.records)
    }

    @Test("A plan rebuilt from what was recorded goes on as if nothing had happened", arguments: Kind.allCases, [0, 1, 5, 9])
    func rebuilds(_ kind: Kind, _ recorded: Int) throws {
        var calm = try kind.harness()
        calm.finish()
        var crashed = try kind.harness()
        crashed.run(recorded, shuffledBy: 3)
        var rebuilt = try kind.harness()
        for index in crashed.ended.sorted() { rebuilt.end(index) }
        #expect(Set(rebuilt.ready) == Set(crashed.ready))
        rebuilt.finish { $0.removeLast() }
        #expect(rebuilt.conclusion?.result == calm.conclusion?.result)
    }

    @Test("A result that differs in one bit gives another hash", arguments: Kind.allCases)
    func hashesEverything(_ kind: Kind) throws {
        var calm = try kind.harness()
        calm.finish()
        var other = try kind.harness { index, result in
            guard index == 2 else { return }
            switch result.kind {
            case .sweep: result.sweep.digest = ContentHash.sha256("other".utf8)
            case .window: result.window.positions[0].positions[0] += 1
            case .stitch:
                if result.stitch.returns.isEmpty {
                    result.stitch.metrics["sharpe"]?.negate()
                } else {
                    result.stitch.returns[0].negate()
                }
            default: result.certify.leaks = [.with { ($0.symbol, $0.what, $0.bar, $0.changedFrom) = ("A", "decision", 3, 4) }]
            }
        }
        other.finish()
        #expect(other.conclusion?.result.resultHash != calm.conclusion?.result.resultHash)
    }

    @Test("A task that fails fails the job, with its reason", arguments: Kind.allCases)
    func fails(_ kind: Kind) throws {
        // A nested study goes on without one of its trials, and fails without the judge of a window.
        var run = try kind.harness(failing: kind == .nested ? 3 : 1)
        run.finish()
        let conclusion = try #require(run.conclusion)
        #expect(conclusion.error?.code == "E_TEST")
        #expect(conclusion.result.failed == 1)
    }

    @Test("A nested study goes on without a trial that failed, and not without a whole window")
    func nestedFailures() throws {
        var one = try Kind.nested.harness(failing: 1)
        one.finish()
        #expect(one.conclusion?.error == nil && one.conclusion?.result.failed == 1)
        #expect(one.records[1]?.state == "failed" && one.records[1]?.errorCode == "E_TEST")
        var none = PlanHarness(try Self.plan(.nested)) { index, payload in
            (0..<3).contains(index) ? nil : Self.result(of: payload)
        }
        none.finish()
        #expect(none.conclusion?.error?.message.contains("no trial of window 0") == true)
    }

    @Test("A nested study judges in each window what was best there")
    func nestedChoice() throws {
        var run = try Kind.nested.harness()
        run.finish()
        let chosen = try #require(run.conclusion?.result.chosen)
        #expect(chosen.map(\.window) == [0, 1])
        for view in chosen {
            let trials = run.records.filter { Int($0.key) / 3 == view.window }.values
            #expect(view.objective == trials.compactMap(\.objective).max())
            let best = try #require(trials.first { $0.objective == view.objective })
            #expect(best.parameters == CanonicalJSON.encode(view.parameters))
        }
    }

    @Test("A sweep keeps the best of all blocks, says how many there were, and what luck alone would reach")
    func sweepResult() throws {
        var run = try Kind.sweep.harness()
        run.finish()
        let result = try #require(run.conclusion?.result)
        #expect(result.leaderboard?.count == 3 && run.records.count == 3)
        let objectives = try #require(result.leaderboard).compactMap(\.objective)
        #expect(objectives == objectives.sorted(by: >))
        #expect(result.metrics?["combinations"] == 120 && result.metrics?["excluded"] == 8)
        #expect(result.trialsCounted == 120)
        let threshold = try #require(result.metrics?["sharpeThreshold"])
        let deviation = try #require(result.metrics?["deviationOfSharpe"])
        #expect(abs(threshold - SharpeInference.expectedMaximum(variance: deviation * deviation, trials: 120)) < 1e-12)
        #expect((0...1).contains(try #require(result.deflatedSharpe)))
    }

    @Test("What a block cannot have come to is not taken")
    func sweepRefusals() throws {
        let changes: [(inout ProtoSweepResult) -> Void] = [
            { $0.best[0].index = 1_000 }, { $0.best[0].index = -1 }, { $0.excluded = -1 }, { $0.excluded = .max },
            { $0.digest = "x" }, { $0.sharpe.mean = .nan }, { $0.sharpe.count = .max },
            { $0.best += Array(repeating: $0.best[0], count: 9) },
        ]
        for (place, change) in changes.enumerated() {
            var run = try Kind.sweep.harness { index, result in if index == 4 { change(&result.sweep) } }
            run.finish()
            #expect(["E_DECODE", "E_METRIC_VALUE"].contains(run.conclusion?.error?.code), "change \(place)")
        }
        var idle = try Kind.sweep.harness { _, result in if case .sweep = result.kind { result.sweep.best = [] } }
        idle.finish()
        #expect(idle.conclusion?.error?.code == "E_SWEEP_EMPTY")
    }

    @Test("A stress test scores every shock over its draws against the market as it was")
    func stressResult() throws {
        var run = try Kind.stress.harness()
        run.finish()
        let result = try #require(run.conclusion?.result)
        let scenarios = try #require(result.scenarios)
        #expect(scenarios.map(\.name) == ["as it was", "crash", "volatility"] && scenarios.map(\.draws) == [1, 10, 1])
        let scores = scenarios.compactMap(\.score)
        #expect(scores.count == 2 && scores.allSatisfy { (0...1).contains($0) })
        let resilience = try #require(result.metrics?["resilience"])
        #expect(abs(resilience - 100 * (scores[0] + scores[1]) / 2) < 1e-12)
    }

    @Test("Every path of a cross-validation has each fold once, from a split that tested it, and all of them are used")
    func paths() throws {
        var run = PlanHarness(try Self.plan(.crossValidate)) { _, payload in
            if case .stitch(let task) = payload.kind {
                // The positions say which split, fold and bar they are from.
                #expect(task.windows.map { $0.positions[0].positions.count } == [5, 5, 5, 4, 4])
                for (fold, window) in task.windows.enumerated() {
                    let places = window.positions[0].positions.map { Int($0) % 100 }
                    #expect(places == (0..<places.count).map { 10 * fold + $0 })
                    #expect(Set(window.positions[0].positions.map { Int($0) / 100 }).count == 1)
                }
            }
            return Self.result(of: payload)
        }
        run.finish()
        let result = try #require(run.conclusion?.result)
        #expect(result.paths?.count == 4 && result.metrics?["splits"] == 10 && result.report == 10)
        #expect(run.conclusion?.error == nil)
    }

    @Test("A certification that found something fails the job and lists the nearest of each kind")
    func certifyResult() throws {
        var run = try Kind.certify.harness { index, result in
            for bar in [40, 45] where index % 2 == 1 {
                result.certify.leaks.append(
                    .with { ($0.symbol, $0.what, $0.bar, $0.changedFrom) = ("S\(index)", "decision", Int64(bar), 50) })
            }
        }
        run.finish()
        let conclusion = try #require(run.conclusion)
        #expect(conclusion.error?.code == "E_LOOK_AHEAD")
        #expect(conclusion.result.leaks?.allSatisfy { $0.bar == 45 && $0.changedFrom == 50 } == true)
        #expect(conclusion.result.leaks?.count == 6)
    }
}

extension KindPlanTests {
    fileprivate static func plan(_ kind: Kind) throws -> any JobPlan {
        let rule = "rule: {kind: movingAverageCross, fast: {int: [2, 9]}, slow: {int: [10, 160], step: 10}}"
        let lines: String =
            switch kind {
            case .sweep: "strategy: {\(rule)}\nkeep: 3"
            case .stress:
                "strategy: {rule: {kind: buyAndHold}}\nshocks: [{crash: {magnitude: 0.5}}, {volatility: {multiplier: 2}}]\ndraws: 10"
            case .certify: "strategy: {rule: {kind: buyAndHold}}\ntrials: 40"
            case .crossValidate: "strategy: {rule: {kind: buyAndHold}}\nfolds: {folds: 5, testFolds: 2}"
            case .nested:
                """
                strategy: {\(rule)}
                walkForward: {train: 400, test: 10}
                inner: {train: 100, test: 20}
                search: {sampler: random, trials: 3, seed: 5, parallelTrials: 2}
                objective: {maximize: sharpe}
                """
            }
        let spec = try JobSpec.parse(text: "job: \(kind.rawValue)\nname: k\ndataset: d\n\(lines)")
        switch spec.body {
        case .sweep(let sweep): return SweepPlan(job: JobID(1), sweep, bars: 500)
        case .stress(let stress): return StressPlan(stress, bars: 500)
        case .certify(let certify): return CertifyPlan(certify, series: 3)
        case .crossValidate(let validation): return try CrossValidatePlan(validation, bars: 23)
        case .nested(let nested):
            let windows = try (0..<2).map { try Window(index: $0, train: 0..<400, test: 400 + 10 * $0..<410 + 10 * $0) }
            return NestedPlan(job: JobID(1), nested.study, space: try nested.study.searchSpace(), windows: windows)
        default: throw SpecErrors(SpecError("E_TEST", "no plan"))
        }
    }

    /// Numbers that follow from the payload alone.
    fileprivate static func result(of payload: ProtoTaskPayload) -> ProtoTaskResult {
        var result = ProtoTaskResult()
        switch payload.kind {
        case .sweep(let task):
            var summary = SweepSummary()
            for index in task.first..<task.first + task.count where index % 16 != 0 { summary.add(sharpe(index)) }
            result.sweep = .with {
                $0.best = (task.first..<task.first + task.count).sorted { sharpe($0) > sharpe($1) }.prefix(3).map { index in
                    .with { ($0.index, $0.sharpe) = (index, sharpe(index)) }
                }
                $0.excluded = Int64((task.first..<task.first + task.count).count { $0 % 16 == 0 })
                $0.sharpe = .with {
                    ($0.count, $0.mean, $0.squares) = (Int64(summary.count), summary.mean, summary.squares)
                    if summary.count > 0 { ($0.least, $0.greatest) = (summary.least, summary.greatest) }
                }
                $0.digest = ContentHash.sha256("\(task.first)".utf8)
            }
        case .run(let task):
            let number =
                sharpe(Int64(task.scenario)) + Double(task.parameters.utf8.reduce(0) { ($0 &* 31 &+ Int($1)) % 997 }) / 500
            result.stitch = .with {
                $0.metrics = [
                    "sharpe": number, "totalReturn": number / 10, "maxDrawdown": -0.1 - Double(task.scenario) / 50,
                    "recovered": 0.5, "sharpePerPeriod": number / 16, "skew": 0, "kurtosis": 3, "periods": 500,
                ]
                if !task.brief { $0.returns = [number / 100, 0.01] }
            }
        case .certify: result.certify = .with { $0.trials = 10 }
        case .window(let task):
            result.window = .with {
                $0.positions = [.with { $0.positions = Array(repeating: 0.5, count: Int(task.test.end - task.test.start)) }]
                ($0.sharpe, $0.totalReturn, $0.test) = (0.3, 0.01, task.test)
            }
        case .fold(let task):
            let choices = (0..<5).flatMap { first in (first + 1..<5).map { [first, $0] } }
            // 23 bars are folds of 5, 5, 5, 4 and 4.
            let row = choices[Int(task.split)].flatMap { fold in
                (0..<(fold < 3 ? 5 : 4)).map { Double(100 * task.split + Int32(10 * fold + $0)) }
            }
            result.window = .with { $0.positions = [.with { $0.positions = row }] }
        case .stitch(let task):
            let sum = task.windows.reduce(0) { $0 + $1.positions.reduce(0) { $0 + $1.positions.reduce(0, +) } }
            result.stitch = .with { ($0.metrics, $0.returns) = (["totalReturn": sum / 1e4, "sharpe": 1], [sum / 1e4, 0.01]) }
        default: break
        }
        return result
    }

    private static func sharpe(_ index: Int64) -> Double { Double(index * 37 % 101) / 50 - 1 }
}
