import Cluster
import SwiftProtobuf
import Testing
import Wire

@Suite struct CertifyWorkloadTests {
    private func certify(_ fixture: Fixture, series: Int32 = 0, block: Int32 = 0) throws -> ProtoCertifyResult {
        try fixture.run(.certify(.with { ($0.series, $0.block) = (series, block) })).certify
    }

    @Test func `a rule and a model that keep to the past are clean, in each series and block`() throws {
        let rule = try Fixture(kind: "certify", "strategy: \(Fixture.rule20)\ntrials: 14", symbols: ["AAA", "BBB"])
        #expect(try certify(rule) == .with { $0.trials = 10 })
        #expect(try certify(rule, series: 1, block: 1) == .with { $0.trials = 4 })
        let model = try Fixture(
            kind: "certify",
            "strategy: \(Fixture.ridge)\nwalkForward: {train: 120, test: 70}\ncosts: {commission: 0.001}\ntrials: 6")
        #expect(try certify(model) == .with { $0.trials = 6 })
    }

    @Test func `what is not of the job is refused, and a stopped task ends`() throws {
        let fixture = try Fixture(kind: "certify", "strategy: \(Fixture.rule20)\ntrials: 14")
        for (series, block) in [(1, 0), (-1, 0), (0, 2), (0, -1)] as [(Int32, Int32)] {
            #expect(WorkerTask.code { _ = try certify(fixture, series: series, block: block) } == "E_TASK_KIND")
        }
        let flag = StopFlag()
        flag.set()
        #expect(WorkerTask.code { _ = try fixture.run(.certify(ProtoCertifyTask()), flag) } == "E_TASK_STOPPED")
    }
}
