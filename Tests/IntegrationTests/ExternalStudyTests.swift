import Cluster
import Foundation
import TestSupport
import Testing

/// The shipped study for programs outside, worked on by the shipped Python program.
@Suite(.serialized) struct ExternalStudyTests {
    private func submit(_ cluster: TestCluster) throws -> JobView {
        let file = try cluster.home.write("external-study.yaml", TestSpecs.shipped("external-study"))
        return try APICoding.decode(JobView.self, from: Data(cluster.bellwether("submit", file, "--json").utf8))
    }

    private func takers(_ count: Int, _ cluster: TestCluster, of job: JobView) throws -> [Program] {
        let program = SharedData.root.appendingPathComponent("jobs/external.py").path
        return try (0..<count).map { _ in try Program("/usr/bin/env", ["python3", program, cluster.url, "\(job.id)"]) }
    }

    @Test("Programs outside work on a study, and a killed head costs them nothing but time")
    func survivesTheHead() async throws {
        var results: [JobResult] = []
        for crashes in [false, true] {
            let cluster = try TestCluster()
            defer { cluster.stop() }
            let job = try submit(cluster)
            let programs = try takers(crashes ? 3 : 1, cluster, of: job)
            if crashes {
                _ = try await eventually("some trials are told") {
                    let view = try await cluster.withClient { try await $0.job(job.id) }
                    return (view.progress?.trialsFinished ?? 40) >= 6 ? view : nil
                }
                try cluster.crashAndRestartHead()
            }
            for program in programs {
                let end = program.wait()
                #expect(end.status == 0, "\(end.errors)")
            }
            let view = try await cluster.withClient { try await $0.job(job.id) }
            #expect(view.state == "succeeded" && view.result?.tasks == 40 && view.result?.failed == 0)
            results.append(try #require(view.result))
        }
        #expect(results[0] == results[1])
        #expect(try #require(results[0].leaderboard?.first?.objective) < 0.05)
    }
}
