import Scheduling
import Wire

@testable import Cluster

/// Any plan with the part of the scheduler that it needs: which tasks may run, and what they come to.
struct PlanHarness {
    private var plan: any JobPlan
    private(set) var ready: [Int32] = []
    private(set) var ended: [Int32] = []
    private(set) var conclusion: PlanConclusion?
    private(set) var records: [Int32: TrialRecord] = [:]
    /// What a task comes to, given its payload, whenever it runs; nil for one that fails.
    private let result: (Int32, ProtoTaskPayload) -> ProtoTaskResult?

    init(_ plan: any JobPlan, result: @escaping (Int32, ProtoTaskPayload) -> ProtoTaskResult?) {
        self.plan = plan
        self.result = result
        take(self.plan.start())
    }

    var taskCount: Int { plan.taskCount }
    var progress: PlanProgress { plan.progress }

    mutating func finish(_ pick: (inout [Int32]) -> Int32 = { $0.removeFirst() }) {
        while !ready.isEmpty {
            let index = pick(&ready)
            end(index)
        }
    }

    /// Runs `count` tasks in a seeded order.
    mutating func run(_ count: Int = .max, shuffledBy seed: UInt64) {
        var state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1
        var left = count
        while left > 0, !ready.isEmpty {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            end(ready.remove(at: Int((state >> 33) % UInt64(ready.count))))
            left -= 1
        }
    }

    mutating func end(_ index: Int32) {
        ready.removeAll { $0 == index }
        ended.append(index)
        let found = result(index, plan.payload(of: index, attempt: 1))
        let error = found == nil ? ErrorView(code: "E_TEST", message: "it failed") : nil
        take(plan.ended(index, found == nil ? .failed : .succeeded, result: found, error: error))
    }

    private mutating func take(_ step: PlanStep) {
        for batch in step.tasks {
            switch batch {
            case .range(let range): ready += range
            case .dependent(let index, _): ready.append(index)
            }
        }
        for trial in step.trials { records[trial.number] = trial }
        if let conclusion = step.conclusion { self.conclusion = conclusion }
    }
}
