import MarketData
import Scheduling
import SwiftProtobuf
import Wire

@testable import Cluster

/// A plan with the part of the scheduler that it needs: which tasks may run, and what they come to.
struct PlanRun {
    private var plan: StudyPlan
    private(set) var ready: [Int32] = []
    private(set) var ended: [Int32] = []
    private(set) var conclusion: PlanConclusion?
    private(set) var records: [Int32: TrialRecord] = [:]
    /// What a trial's window is judged by, by its place in time.
    var windowObjective: (Int, Int) -> Double = { _, _ in 0 }
    /// Windows that did not have to run because their results were known.
    private(set) var known: Set<Int32> = []
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
        let (trial, part) = Int(index).quotientAndRemainder(dividingBy: plan.stride)
        var result = ProtoTaskResult()
        if part < plan.windows.count {
            let row = positions(trial, part)
            result.window = .with {
                $0.positions = row.isEmpty ? [] : [.with { $0.positions = row }]
                $0.objective = windowObjective(trial, plan.windows[part].index)
                $0.sharpe = $0.objective
            }
        } else {
            let value = objective(trial)
            var stitch = ProtoStitchResult()
            stitch.metrics = ["sharpe": value, "periods": 6, "skew": 0, "kurtosis": 3]
            stitch.returns = [0.01, Double(trial) * 0.001]
            change(trial, &stitch)
            result.stitch = stitch
        }
        take(plan.ended(index, .succeeded, result: result, error: nil))
        for (waiter, on) in waiting where on.allSatisfy(isOver) { if !ended.contains(waiter) { ready.append(waiter) } }
        waiting = waiting.filter { !$0.on.allSatisfy(isOver) }
    }

    private func isOver(_ index: Int32) -> Bool { ended.contains(index) || known.contains(index) }

    private mutating func take(_ step: PlanStep) {
        known.formUnion(step.known.map(\.index))
        for batch in step.tasks {
            switch batch {
            // What had ended before a restart does not run again.
            case .range(let range): ready += range.filter { !ended.contains($0) }
            case .dependent(let index, let range):
                if ended.contains(index) { break }
                if range.allSatisfy(isOver) { ready.append(index) } else { waiting.append((index, range)) }
            }
        }
        for trial in step.trials { records[trial.number] = trial }
        if let conclusion = step.conclusion { self.conclusion = conclusion }
    }
}
