import Registry
import Scheduling
import Search
import Specs
import Statistics
import SwiftProtobuf
import Testing
import Wire

@testable import Cluster

@Suite struct PopulationPlanTests {
    private func plan() throws -> PopulationPlan {
        let text = """
            job: study
            name: tune
            objective: {command: [a], minimize: loss}
            parameters: {rate: {float: [0, 1]}, epochs: 3}
            search: {trials: 8, seed: 3, population: {steps: 20, every: 5}}
            """
        guard case .commandStudy(let study) = try JobSpec.parse(text: text).body, let training = study.search.population
        else { throw ErrorView(code: "E_TEST", message: "another kind") }
        let search = Study(study.search, space: try study.searchSpace(), goals: study.goals, known: [])
        return PopulationPlan(job: JobID(1), study, training, study: search)
    }

    private struct Run {
        var ended: [Int32] = []
        var records: [Int32: TrialRecord] = [:]
        var told: [Int32: ProtoCommandTask] = [:]
        var conclusion: PlanConclusion?
    }

    /// Runs the plan to its end, or until `steps` runs have ended, after the ends of `before`; `fails` says which runs fail.
    private func run(
        before: [Int32] = [], steps: Int = .max, seed: UInt64, fails: (Int32) -> Bool = { _ in false }
    ) throws -> Run {
        var plan = try plan()
        var (run, open) = (Run(), [Int32]())
        func take(_ step: PlanStep) {
            for case .range(let range) in step.tasks { open += range.filter { !run.ended.contains($0) } }
            for record in step.trials { run.records[record.number] = record }
            if let end = step.conclusion { run.conclusion = end }
        }
        func end(_ index: Int32) throws {
            run.ended.append(index)
            if fails(index) { return take(plan.ended(index, .failed, result: nil, error: ErrorView(code: "E_X", message: "x"))) }
            // What a run comes to depends on its index only: that is what the journal has, whatever the plan says by then.
            let result = ProtoTaskResult.with {
                $0.command = .with {
                    $0.metrics = ["loss": Double((index * 37) % 101)]
                    $0.checkpoint = ContentHash.sha256("\(index)".utf8)
                }
            }
            take(plan.ended(index, .succeeded, result: result, error: nil))
        }
        take(plan.start())
        for index in before.sorted() { try end(index) }
        open.removeAll { run.ended.contains($0) }
        var generator = SplitMix64(seed: seed)
        while !open.isEmpty, run.ended.count < steps {
            let index = open.remove(at: Int(generator.integer(below: UInt64(open.count))))
            run.told[index] = plan.payload(of: index, attempt: 1).command
            try end(index)
        }
        return run
    }

    @Test func `members train generation by generation, the worst from the checkpoints of the best with other parameters`() throws
    {
        let run = try run(seed: 1)
        let result = try #require(run.conclusion?.result)
        #expect(run.conclusion?.error == nil && run.ended.count == 32)
        // Three exchanges of two members each.
        #expect(result.trialsCounted == 8 + 6 && result.leaderboard?.count == 8)
        for generation in 1..<4 {
            let before = (0..<8).map { Int32($0 * 4 + generation - 1) }
            let ranked = before.sorted { ($0 * 37) % 101 < ($1 * 37) % 101 }
            for member in 0..<8 {
                let task = try #require(run.told[Int32(member * 4 + generation)])
                #expect(task.steps == Int64(5 * (generation + 1)))
                let earlier = try #require(run.told[before[member]])
                if ranked.suffix(2).contains(before[member]) {
                    #expect(ranked.prefix(2).contains { task.checkpoint == ContentHash.sha256("\($0)".utf8) })
                    #expect(task.parameters != earlier.parameters)
                } else {
                    #expect(task.checkpoint == ContentHash.sha256("\(before[member])".utf8))
                    #expect(task.parameters == earlier.parameters)
                }
            }
        }
        let best = try #require(result.leaderboard?.first)
        #expect(run.records[best.number]?.state == "succeeded" && run.records[best.number]?.objective == best.objective)
    }

    @Test func `any order and a restart at any time come to the same`() throws {
        let calm = try run(seed: 1)
        for recorded in [0, 3, 8, 13, 16, 27, 31] {
            let crashed = try run(steps: recorded, seed: UInt64(recorded) + 5)
            let rebuilt = try run(before: crashed.ended, seed: 9)
            #expect(rebuilt.conclusion?.result == calm.conclusion?.result, "after \(recorded)")
            #expect(rebuilt.records == calm.records)
        }
    }

    @Test func `a member that fails is replaced, and fails only at the end`() throws {
        let run = try run(seed: 1) { $0 == 5 || $0 == 31 }
        #expect(run.conclusion?.error == nil && run.conclusion?.result.failed == 2)
        #expect(run.records[1]?.state == "succeeded")
        #expect(run.records[7]?.state == "failed" && run.records[7]?.errorCode == "E_X")
        let none = try self.run(seed: 1) { _ in true }
        #expect(none.conclusion?.error?.code == "E_X" && none.ended.count == 8)
    }
}
