import Testing

@testable import Cluster

/// The head's own loop under the faults of forty seeds. `scripts/simulate` covers many more with a modelled loop; this shows that
/// the real one is like it.
@Suite struct LoopSimulationTests {
    @Test func `no seed breaks a rule, and each does the same twice`() throws {
        var marks: [String: Int] = [:]
        for seed in UInt64(1)...40 {
            let first = try LoopSimulation(seed: seed)
            try first.run()
            if let violation = first.violation {
                Issue.record("seed \(seed), \(violation)")
                continue
            }
            let second = try LoopSimulation(seed: seed)
            try second.run()
            #expect(first.trace == second.trace, "seed \(seed) went another way the second time")
            marks.merge(first.marks) { $0 + $1 }
        }
        for name in [
            "message lost", "message to nobody", "worker killed", "worker stopped", "worker dismissed",
            "head killed in its commit",
            "head replaced", "head fenced", "store away", "outage over",
        ] {
            #expect(marks[name, default: 0] > 0, "\(name) never happened")
        }
    }

    @Test func `without faults every task runs exactly once`() throws {
        let simulation = try LoopSimulation(seed: 1, isCalm: true)
        try simulation.run()
        #expect(simulation.violation == nil)
        #expect(simulation.executions.count == LoopSimulation.jobs * LoopSimulation.tasks)
        #expect(simulation.executions.values.allSatisfy { $0 == 1 })
    }
}
