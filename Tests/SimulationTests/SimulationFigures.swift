import Foundation
import Scheduling
import Testing

/// The large profiles, run when `BELLWETHER_SIM_PROFILE` names one: `wide`, `long` or `load`. Prints one JSON object for each
/// seed, with what it took.
@Suite struct SimulationFigures {
    private static let profiles: [String: SimulationProfile] = ["wide": .wide, "long": .long, "load": .load]
    static let chosen = ProcessInfo.processInfo.environment["BELLWETHER_SIM_PROFILE"] ?? ""

    @Test(.enabled(if: profiles[chosen] != nil)) func `a large profile breaks no rule, and does the same twice`() throws {
        let name = Self.chosen
        let profile = try #require(Self.profiles[name])
        let isNamed = ProcessInfo.processInfo.environment["BELLWETHER_SIM_COUNT"] != nil
        let count = isNamed ? SimulationTests.count : 1
        for seed in SimulationTests.first..<SimulationTests.first + count {
            let begun = ContinuousClock.now
            let result = Simulation(seed: seed, profile: profile).run()
            let seconds = (ContinuousClock.now - begun) / .seconds(1)
            let peak = Self.peakMebibytes()
            if let violation = result.violation {
                Issue.record("\(violation)\nreplay: scripts/simulate --profile \(name) \(seed) 1")
                continue
            }
            let alarms = result.marks["lease ended", default: 0]
            print(
                """
                {"profile": "\(name)", "seed": \(seed), "seconds": \(seconds), "rss_mb": \(peak), "events": \(result.events), \
                "tasks": \(result.executions.count), "leases_ended": \(alarms), "trace": "\(String(result.trace, radix: 16))"}
                """)
            for (mark, count) in result.marks.sorted(by: { $0.key < $1.key }) { print("  \(mark): \(count)") }
            let again = Simulation(seed: seed, profile: profile).run()
            #expect(again.trace == result.trace, "seed \(seed) of \(name) went another way the second time")
            if name == "load" { #expect(alarms == 0, "a worker was given up although nothing had happened to it") }
        }
    }

    /// The most memory this process has held.
    private static func peakMebibytes() -> Int {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
        return (line.split(separator: " ").compactMap { Int($0) }.first ?? 0) / 1_024
    }
}
