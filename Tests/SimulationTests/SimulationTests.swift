import Foundation
import Scheduling
import Testing

/// A handful of seeds by default; any range by `BELLWETHER_SIM_FIRST` and `BELLWETHER_SIM_COUNT`, as `scripts/simulate` does.
@Suite struct SimulationTests {
    static func number(_ name: String, or standard: UInt64) -> UInt64 {
        ProcessInfo.processInfo.environment[name].flatMap(UInt64.init) ?? standard
    }

    static let first = number("BELLWETHER_SIM_FIRST", or: 1)
    static let count = number("BELLWETHER_SIM_COUNT", or: 40)

    @Test(.enabled(if: SimulationFigures.chosen.isEmpty)) func `no seed breaks a rule, and each does the same twice`() {
        var marks: [String: Int] = [:]
        var events = 0
        for seed in SimulationTests.first..<SimulationTests.first + SimulationTests.count {
            let profile = SimulationProfile.faulty(seed: seed)
            let result = Simulation(seed: seed, profile: profile).run()
            if let violation = result.violation {
                Issue.record("\(violation)\nreplay: scripts/simulate \(seed) 1\n\(profile)")
                continue
            }
            let again = Simulation(seed: seed, profile: profile).run()
            #expect(
                again.trace == result.trace, "seed \(seed) went another way the second time; replay: scripts/simulate \(seed) 1")
            for (name, count) in result.marks { marks[name, default: 0] += count }
            events += result.events
        }
        print("\(SimulationTests.count) seeds from \(SimulationTests.first), \(events) events")
        for (name, count) in marks.sorted(by: { $0.key < $1.key }) { print("  \(name): \(count)") }
        guard SimulationTests.count >= 40 else { return }
        for name in SimulationMarks.expected { #expect(marks[name, default: 0] > 0, "\(name) never happened") }
    }

    @Test func `without faults every task runs exactly once`() {
        let result = Simulation(seed: 7, profile: .calm).run()
        #expect(result.violation == nil)
        #expect(!result.executions.isEmpty)
        #expect(result.executions.values.allSatisfy { $0 == 1 })
        #expect(result.ends.values.allSatisfy { $0 == .succeeded })
        #expect(result.ends.count == result.executions.count)
    }

    @Test func `another seed is another history`() {
        var profile = SimulationProfile.calm
        (profile.workers, profile.jobs) = (5, 2)
        let traces = (UInt64(1)...3).map { Simulation(seed: $0, profile: profile).run().trace }
        #expect(Set(traces).count == 3)
    }
}
