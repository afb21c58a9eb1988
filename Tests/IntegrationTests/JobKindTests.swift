import Cluster
import Foundation
import Scheduling
import TestSupport
import Testing

/// Sweeps, stress tests, certifications and nested studies on real workers.
@Suite(.serialized) struct JobKindTests {
    /// A small job of each kind, with how many tasks it takes.
    static let jobs: [(kind: String, tasks: Int, lines: String)] = [
        (
            "sweep", 65,
            """
            strategy: {rule: {kind: movingAverageCross, fast: {int: [2, 60]}, slow: {int: [5, 70]}}}
            constraints: ["rule.fast < rule.slow"]
            costs: {commission: 0.001}
            """
        ),
        (
            "stress", 23,
            """
            strategy:
              features: [return_1, return_5, volatility_21]
              label: {forwardReturn: 5}
              model: {kind: ridge, l2: 1.0}
            walkForward: {kind: rolling, unit: months, train: 18, test: 3, embargo: 2}
            draws: 10
            """
        ),
        ("certify", 10, "strategy: {rule: {kind: breakout}}\ntrials: 50"),
        (
            "nested", 4 * 9 + 1,
            """
            strategy: {rule: {kind: movingAverageCross, fast: {int: [2, 40]}, slow: {int: [41, 90]}}}
            walkForward: {kind: rolling, train: 500, test: 250}
            inner: {train: 120, test: 60}
            search: {sampler: tpe, trials: 8, seed: 4, parallelTrials: 3}
            objective: {maximize: sharpe}
            """
        ),
    ]

    private static func spec(_ kind: String, _ lines: String) -> String {
        "job: \(kind)\nname: \(kind)\ndataset: market\n\(lines)\nretry: {maximum: 3, backoff: 50ms, limit: 1s}\n"
    }

    private func cluster(workers: Int) throws -> TestCluster {
        let cluster = try TestCluster()
        for _ in 0..<workers { try cluster.addWorker() }
        try cluster.bellwether("data", "synth", "--name", "market", "--symbols", "2", "--bars", "1500", "--seed", "3")
        return cluster
    }

    private func run(_ cluster: TestCluster, _ job: (kind: String, tasks: Int, lines: String)) throws -> JobView {
        let file = try cluster.home.write("\(job.kind).yaml", Self.spec(job.kind, job.lines))
        return try APICoding.decode(JobView.self, from: Data(cluster.bellwether("submit", file, "--follow", "--json").utf8))
    }

    @Test("Each kind comes to the same result hash on one worker and on three, and can be shown and reported")
    func sameOnAnyWorkers() throws {
        let one = try cluster(workers: 1)
        defer { one.stop() }
        let three = try cluster(workers: 3)
        defer { three.stop() }
        for (place, job) in Self.jobs.enumerated() {
            let alone = try run(one, job)
            let together = try run(three, job)
            #expect(alone.state == "succeeded" && alone.result?.failed == 0, "\(alone)")
            #expect(alone.result?.tasks == job.tasks, "\(job.kind) has \(alone.result?.tasks ?? 0) tasks")
            #expect(alone.result == together.result)
            let shown = try one.bellwether("job", "show", "\(place + 1)")
            let hash = try #require(alone.result?.resultHash)
            #expect(shown.contains(hash))
            switch job.kind {
            case "sweep": #expect(shown.contains("deflated Sharpe") && shown.contains("sharpeThreshold"))
            case "stress": #expect(shown.contains("crash") && shown.contains("resilience"))
            case "certify": #expect(alone.result?.leaks == [] && alone.result?.metrics?["trials"] == 100)
            default: #expect(shown.contains("test sharpe") && alone.result?.chosen?.count == 4)
            }
            guard job.kind != "certify" else { continue }
            let report = try APICoding.decode(
                ReportView.self, from: Data(one.bellwether("report", "\(place + 1)", "--json").utf8))
            #expect(report.returns.count == report.times.count && !report.returns.isEmpty)
            #expect(report.windows?.count == (job.kind == "nested" ? 4 : nil))
        }
    }

    @Test("A head that crashes in the middle of any kind goes on with it to the same result")
    func survivesACrash() async throws {
        let calm = try cluster(workers: 2)
        defer { calm.stop() }
        let stormy = try cluster(workers: 2)
        defer { stormy.stop() }
        for job in Self.jobs {
            let expected = try #require(try run(calm, job).result)
            let file = try stormy.home.write("\(job.kind).yaml", Self.spec(job.kind, job.lines))
            let accepted = try APICoding.decode(JobView.self, from: Data(stormy.bellwether("submit", file, "--json").utf8))
            try await stormy.withClient { client in
                while let progress = try await client.job(accepted.id).progress, progress.finished < job.tasks / 3 {
                    await Task.yield()
                }
            }
            try stormy.crashAndRestartHead()
            let shown = try stormy.bellwether("job", "show", "\(accepted.id)", "--follow", "--json")
            let view = try APICoding.decode(JobView.self, from: Data(shown.utf8))
            #expect(view.state == "succeeded" && view.result == expected, "\(job.kind): \(view)")
        }
    }

    @Test("A sweep in the middle of millions of combinations can be cancelled")
    func cancels() throws {
        let cluster = try cluster(workers: 1)
        defer { cluster.stop() }
        let grid = "strategy: {rule: {kind: movingAverageCross, fast: {int: [2, 1000]}, slow: {int: [5, 4000]}}}"
        let file = try cluster.home.write("long.yaml", Self.spec("sweep", grid))
        _ = try cluster.bellwether("submit", file)
        try cluster.bellwether("job", "cancel", "1")
        let shown = try cluster.bellwether("job", "show", "1", "--json")
        #expect(try APICoding.decode(JobView.self, from: Data(shown.utf8)).state == "cancelled")
    }
}
