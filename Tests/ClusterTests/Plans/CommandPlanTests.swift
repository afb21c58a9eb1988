import Registry
import Scheduling
import Search
import Specs
import Statistics
import SwiftProtobuf
import Testing
import Wire

@testable import Cluster

@Suite struct CommandPlanTests {
    private func result(_ metrics: [String: Double]) -> ProtoTaskResult { .with { $0.command = .with { $0.metrics = metrics } } }

    private func plan(_ text: String) throws -> CommandPlan {
        guard case .command(let command) = try JobSpec.parse(text: "job: command\nname: c\ncommand: [a]\n" + text).body else {
            throw ErrorView(code: "E_TEST", message: "another kind")
        }
        return CommandPlan(command)
    }

    private func conclude(
        _ plan: CommandPlan, _ order: [Int32], value: (Int32) -> Double = { Double($0) }
    ) throws -> PlanConclusion {
        var plan = plan
        _ = plan.start()
        var last: PlanConclusion?
        for index in order {
            #expect(last == nil)
            last = plan.ended(index, .succeeded, result: result(["loss": value(index)]), error: nil).conclusion
        }
        return try #require(last)
    }

    @Test func `each task is told its own parameters`() throws {
        let plan = try plan("parameters: {rate: 1, mode: fast}\ntasks: [{rate: 0.5}, {}]")
        #expect(plan.payload(of: 0, attempt: 1).command.parameters == #"{"mode":"fast","rate":0.5}"#)
        #expect(plan.payload(of: 1, attempt: 4).command.parameters == #"{"mode":"fast","rate":1}"#)
        #expect(plan.payload(of: 1, attempt: 4).command.attempt == 4)
    }

    @Test func `the result does not depend on the order, and does on each value`() throws {
        let plan = try plan("tasks: 5")
        let one = try conclude(plan, [0, 1, 2, 3, 4])
        #expect(try conclude(plan, [4, 2, 0, 3, 1]).result == one.result)
        #expect(
            try conclude(plan, [0, 1, 2, 3, 4]) { $0 == 3 ? 3.0000000000000004 : Double($0) }.result.resultHash
                != one.result.resultHash)
        // The same numbers from other tasks are another result.
        #expect(try conclude(plan, [0, 1, 2, 3, 4]) { Double(4 - $0) }.result.resultHash != one.result.resultHash)
    }

    @Test func `one task alone shows its metrics and its error`() throws {
        #expect(try conclude(plan(""), [0]).result.metrics == ["loss": 0])
        var failing = try plan("")
        let error = ErrorView(code: "E_CMD_EXIT", message: "the program ended with exit code 3")
        let conclusion = failing.ended(0, .failed, result: nil, error: error).conclusion
        #expect(conclusion?.error == error)
        #expect(conclusion?.result.failed == 1)
    }
}

@Suite struct CommandStudyPlanTests {
    private func plan(
        _ objective: String = "{command: [a], minimize: loss}", more: String = "", pruner: String = ""
    ) throws -> CommandStudyPlan {
        let text = """
            job: study
            name: tune
            objective: \(objective)
            parameters: {rate: {float: [0, 1]}, epochs: 3}
            search: {sampler: tpe, trials: 30, seed: 3, parallelTrials: 4\(pruner)}
            \(more)
            """
        guard case .commandStudy(let study) = try JobSpec.parse(text: text).body else {
            throw ErrorView(code: "E_TEST", message: "another kind")
        }
        let search = try Study(study.search, space: study.searchSpace(), goals: study.goals, known: [])
        return CommandStudyPlan(job: JobID(1), study, study: search)
    }

    /// Runs the plan to its end; `pick` chooses which of the open tasks ends next.
    private func run(
        _ plan: CommandStudyPlan, metrics: (Double) -> [String: Double], pick: (inout [Int32]) -> Int32
    ) throws -> (conclusion: PlanConclusion, records: [Int32: TrialRecord]) {
        var plan = plan
        var step = plan.start()
        var (open, records): ([Int32], [Int32: TrialRecord]) = ([], [:])
        while true {
            for case .range(let range) in step.tasks { open += range }
            for record in step.trials { records[record.number] = record }
            if let conclusion = step.conclusion { return (conclusion, records) }
            let index = pick(&open)
            let parameters: [String: Double] = try #require(
                CanonicalJSON.decode(plan.payload(of: index, attempt: 1).command.parameters))
            #expect(parameters["epochs"] == 3)
            let found = metrics(try #require(parameters["rate"]))
            step = plan.ended(index, .succeeded, result: .with { $0.command = .with { $0.metrics = found } }, error: nil)
        }
    }

    @Test func `the sampler's points go to the program, and what it reports is the objective`() throws {
        let end = try run(plan(), metrics: { ["loss": ($0 - 0.3) * ($0 - 0.3), "other": 1] }) { $0.removeFirst() }
        let best = try #require(end.conclusion.result.leaderboard?.first)
        #expect(end.conclusion.error == nil)
        #expect((best.objective ?? 1) < 0.01)
        #expect(best.metrics["other"] == 1)
        #expect(end.conclusion.result.tasks == 30 && end.conclusion.result.trialsCounted == 30)
        #expect(end.records.count == 30 && end.records.values.allSatisfy { $0.state == "succeeded" })
        let shuffled = try run(plan(), metrics: { ["loss": ($0 - 0.3) * ($0 - 0.3), "other": 1] }) { $0.removeLast() }
        #expect(shuffled.conclusion.result == end.conclusion.result)
    }

    /// Runs a pruned plan to its end, or until `steps` runs have ended, after the ends of `before`; returns which have ended.
    private func runPruned(
        _ pruner: String, before: [Int32] = [], recorded: RecordedTrials = .none, steps: Int = .max, seed: UInt64
    ) throws -> (ended: [Int32], conclusion: PlanConclusion?, records: [Int32: TrialRecord], told: [Int32: ProtoCommandTask]) {
        var plan = try plan(pruner: pruner)
        var (ended, open) = ([Int32](), [Int32]())
        var (records, told): ([Int32: TrialRecord], [Int32: ProtoCommandTask]) = ([:], [:])
        var conclusion: PlanConclusion?
        func take(_ step: PlanStep) {
            for case .range(let range) in step.tasks { open += range.filter { !ended.contains($0) } }
            for record in step.trials { records[record.number] = record }
            if let end = step.conclusion { conclusion = end }
        }
        func end(_ index: Int32, _ task: ProtoCommandTask) throws {
            let parameters: [String: Double] = try #require(CanonicalJSON.decode(task.parameters))
            let rate = try #require(parameters["rate"])
            ended.append(index)
            let result = ProtoTaskResult.with {
                $0.command = .with {
                    $0.metrics = ["loss": (rate - 0.3) * (rate - 0.3) + 1 / Double(task.steps)]
                    $0.checkpoint = ContentHash.sha256("\(index)".utf8)
                }
            }
            take(plan.ended(index, .succeeded, result: result, error: nil))
        }
        take(plan.start(recorded))
        // Those of before a restart come by index, whether they have been asked for again or not.
        for index in before.sorted() { try end(index, plan.payload(of: index, attempt: 1).command) }
        open.removeAll { ended.contains($0) }
        var generator = SplitMix64(seed: seed)
        while !open.isEmpty, ended.count < steps {
            let index = open.remove(at: Int(generator.integer(below: UInt64(open.count))))
            told[index] = plan.payload(of: index, attempt: 1).command
            try end(index, plan.payload(of: index, attempt: 1).command)
        }
        return (ended, conclusion, records, told)
    }

    private static let pruners = [
        ", pruner: {kind: halving, reduction: 3, first: 3, steps: 27}", ", pruner: {kind: median, steps: 20, every: 4}",
        ", pruner: {kind: hyperband, first: 3, steps: 27}",
    ]

    @Test(arguments: pruners) func `a trial goes on from its checkpoint, rung by rung, the same in any order and after a restart`(
        pruner: String
    ) throws {
        let calm = try runPruned(pruner, seed: 1)
        let result = try #require(calm.conclusion?.result)
        let pruning = try #require(result.pruning)
        #expect(calm.conclusion?.error == nil && calm.records.count == 30)
        #expect(pruning.trials == calm.records.values.count { $0.state == "pruned" } && pruning.trials > 5)
        #expect(pruning.stepsRun < pruning.steps * 3 / 4)
        #expect(pruning.stepsRun == calm.records.values.reduce(0) { $0 + Int($1.steps ?? 0) })
        let rungs = pruner.contains("median") ? 5 : 3
        for (index, task) in calm.told {
            let before = index - 1
            let goesOn = Int(index) % rungs > 0 && calm.ended.contains(before)
            #expect(task.checkpoint == (goesOn ? ContentHash.sha256("\(before)".utf8) : ""))
        }
        for recorded in [0, 1, 5, 14, 25, 38] {
            let crashed = try runPruned(pruner, steps: recorded, seed: UInt64(recorded) + 7)
            let rebuilt = try runPruned(pruner, before: crashed.ended, seed: 3)
            #expect(rebuilt.conclusion?.result == result, "after \(recorded)")
            #expect(rebuilt.records == calm.records)
            let trials = RecordedTrials(crashed.records.values.sorted { $0.number < $1.number })
            let resumed = try runPruned(pruner, before: crashed.ended, recorded: trials, seed: 3)
            #expect(resumed.conclusion?.result == result, "after \(recorded)")
            // What is on record already is not written again.
            #expect(crashed.records.merging(resumed.records) { $1 } == calm.records)
        }
    }

    @Test(arguments: [
        (", population: {every: 3}", "E_SPEC_MISSING", "/steps"), (", population: {steps: 9}", "E_SPEC_MISSING", "/every"),
        (", population: {steps: 9, every: 9}", "E_SPEC_RANGE", "/every"),
        (", population: {steps: 900, every: 3}", "E_SPEC_RANGE", "/every"),
        (", population: {steps: 9, every: 3, quantile: 0.6}", "E_SPEC_RANGE", "/quantile"),
        (", population: {steps: 9, every: 3, resample: 2}", "E_SPEC_RANGE", "/resample"),
        (", population: {steps: 9, every: 3}, pruner: {kind: halving, steps: 9}", "E_SPEC_RANGE", ""),
        (", population: 9", "E_SPEC_TYPE", ""),
    ]) func `a mistake in a population is reported where it is`(search: String, code: String, pointer: String) throws {
        let error = #expect(throws: SpecErrors.self) { try plan(pruner: search) }
        #expect(error?.errors.map(\.code) == [code] && error?.errors.first?.pointer == "/search/population" + pointer)
    }

    @Test func `programs have no windows, and few rungs`() throws {
        func errors(_ pruner: String) -> [SpecError] {
            do {
                _ = try plan(pruner: pruner)
                return []
            } catch {
                return (error as? SpecErrors)?.errors ?? []
            }
        }
        for (body, code, pointer) in [
            ("window", "E_SPEC_RANGE", ""), ("halving", "E_SPEC_MISSING", "/steps"),
            ("{kind: halving, steps: 9, first: 9}", "E_SPEC_RANGE", "/first"),
            ("{kind: median, steps: 1000, every: 1}", "E_SPEC_RANGE", "/every"),
            ("{kind: halving, steps: 9, order: spread}", "E_SPEC_UNKNOWN_KEY", "/order"),
        ] {
            let found = errors(", pruner: \(body)")
            #expect(found.map(\.code) == [code] && found.first?.pointer == "/search/pruner" + pointer, "\(body): \(found)")
        }
    }

    @Test(arguments: [[:], ["other": 1], ["loss": Double.nan], ["loss": 1, "other": .infinity]] as [[String: Double]])
    func `40: a run without a finite objective is a failed trial and never the best`(metrics: [String: Double]) throws {
        var count = 0
        let end = try run(
            plan(),
            metrics: { rate in
                count += 1
                return count == 5 ? metrics : ["loss": rate]
            }
        ) { $0.removeFirst() }
        #expect(end.records.values.count { $0.state == "failed" } == 1)
        #expect(end.conclusion.result.failed == 1 && end.conclusion.error == nil)
        let none = try run(plan(), metrics: { _ in metrics }) { $0.removeFirst() }
        #expect(none.conclusion.error?.code.hasPrefix("E_METRIC_") == true)
        #expect(none.conclusion.result.leaderboard == [])
    }

    @Test func `two objectives with a limit end in a front that keeps it`() throws {
        let plan = try plan("{command: [a], all: [{minimize: loss}, {maximize: speed}]}", more: "subjectTo: [\"memory <= 0.9\"]")
        let end = try run(plan, metrics: { ["loss": $0 * $0, "speed": $0, "memory": $0] }) { $0.removeFirst() }
        let front = try #require(end.conclusion.result.front)
        // All that keep the limit are on it, since what is worse by one objective is better by the other.
        #expect(front.count > 10 && front.allSatisfy { $0.violation == 0 && ($0.metrics["memory"] ?? 1) <= 0.9 })
        #expect(front.map { $0.objectives?.first } == front.map(\.objective))
        #expect(front.compactMap(\.objective) == front.compactMap(\.objective).sorted())
        #expect(end.conclusion.result.leaderboard?.first == front.first)
        #expect((end.conclusion.result.hypervolume ?? 0) > 0)
        #expect(end.conclusion.result.leaderboard?.map { $0.violation == 0 }.last == true)
    }
}
