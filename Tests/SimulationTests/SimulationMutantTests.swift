import Testing

/// Each planted mistake is noticed within 200 seeds, by a rule that speaks of it.
@Suite struct SimulationMutantTests {
    /// The rules of which one must be what is broken.
    private static let rules: [SimulationMutant: [String]] = [
        .attemptsAreNotCompared: ["I5: ", "I4: "], .acknowledgedBeforeTheCommit: ["I1: "],
        .leasesFollowTheWallClock: ["I17: ", "I21: "], .identityIsTheHostName: ["I20: ", "I21: ", "I12: ", "I8: "],
        .termIsCheckedBeforeTheWrite: ["I6: "], .termIsNotLogged: ["I6/I23: "], .commitsAreNotForced: ["I1: ", "I3: "],
        .rangesGoBeforeTheirCommit: ["I4/I9: ", "I3"], .rescueForgetsTheTimeout: ["I21: "],
        .heartbeatsStopWithTheDrain: ["false alarm: ", "a worker still holds"],
        .identityGoesBeforeItsTasks: ["I21: ", "I3: ", "I12: "],
        .failoverMakesANewIdentity: ["I12: "], .spoolGoesBeforeTheAcknowledgement: ["I4: "],
        .outboundQueueIsUnbounded: ["I22: "], .outageIsIgnored: ["I1: "],
    ]

    @Test(arguments: SimulationMutant.allCases)
    func `a planted mistake is found out`(mutant: SimulationMutant) throws {
        let rules = try #require(Self.rules[mutant])
        for seed in UInt64(1)...200 {
            let result = Simulation(seed: seed, profile: .faulty(seed: seed), mutant: mutant).run()
            guard let violation = result.violation else { continue }
            print("\(mutant): seed \(seed): \(violation.prefix(200))")
            #expect(rules.contains { violation.contains(": " + $0) }, "\(violation)")
            return
        }
        Issue.record("\(mutant) went unnoticed for 200 seeds")
    }
}
