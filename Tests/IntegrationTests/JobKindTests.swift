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
            "stress", 24,
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
            "crossValidate", 15 + 5,
            """
            strategy:
              features: [return_1, return_5, volatility_21]
              label: {forwardReturn: 5}
              model: {kind: ridge, l2: 1.0}
            folds: {folds: 6, testFolds: 2, embargo: 10}
            """
        ),
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
            case "crossValidate": #expect(shown.contains("leastSharpe") && alone.result?.paths?.count == 5)
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

    @Test("A study with one window changed runs one window a trial; what is cached changes no result, and can be switched off")
    func reusesWindows() throws {
        let cluster = try cluster(workers: 2)
        defer { cluster.stop() }
        func study(_ last: String, _ more: String = "") throws -> JobView {
            let windows =
                "{train: [0, 400], test: [400, 600]}, {train: [200, 600], test: [600, 800]}, {train: [400, 800], test: \(last)}"
            let lines = """
                strategy:
                  features: [return_1, return_5, volatility_21]
                  label: {forwardReturn: 1}
                  model: {kind: ridge, l2: {choice: [0.1, 1.0, 10.0, 100.0]}}
                walkForward: {windows: [\(windows)], purge: 1}
                search: {sampler: grid}
                objective: {maximize: sharpe}
                \(more)
                """.replacing("[0, 400], test", with: "[0, 399], test").replacing("[200, 600], test", with: "[200, 599], test")
                .replacing("[400, 800], test", with: "[400, 799], test")
            return try run(cluster, ("study", 0, lines))
        }
        let first = try study("[800, 1000]")
        #expect(first.result?.cached == nil && first.result?.tasks == 16)
        let again = try study("[800, 1000]")
        #expect(again.result?.cached == 12 && again.result?.tasks == 16)
        #expect(again.result?.resultHash == first.result?.resultHash)
        let changed = try study("[800, 1100]")
        #expect(changed.result?.cached == 8 && changed.result?.tasks == 16)
        let whole = try study("[800, 1100]", "cache: false")
        #expect(whole.result?.cached == nil && whole.result?.resultHash == changed.result?.resultHash)
        #expect(changed.result?.resultHash != first.result?.resultHash)
        let dearer = try study("[800, 1000]", "costs: {commission: 0.001}")
        #expect(dearer.result?.cached == nil)
        #expect(try cluster.bellwether("job", "show", "3").contains("8 cached"))
        // The report has all its windows, those that did not run too.
        let report = try APICoding.decode(ReportView.self, from: Data(cluster.bellwether("report", "3", "--json").utf8))
        #expect(report.windows?.map(\.bars) == [200, 200, 300])
        try cluster.crashAndRestartHead()
        #expect(try study("[800, 1000]").result?.cached == 12)
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

/// Data that changes while a job runs.
@Suite(.serialized) struct ChangedDataTests {
    @Test("A name that stands for other data is noticed, and the job keeps to the data it was submitted for")
    func newerData() throws {
        let cluster = try TestCluster()
        defer { cluster.stop() }
        try cluster.bellwether("data", "synth", "--name", "market", "--symbols", "1", "--bars", "600", "--seed", "3")
        let file = try cluster.home.write(
            "job.yaml", "job: stress\nname: s\ndataset: market\nstrategy: {rule: {kind: buyAndHold}}\n")
        let accepted = try APICoding.decode(JobView.self, from: Data(cluster.bellwether("submit", file, "--json").utf8))
        func shown() throws -> JobView {
            try APICoding.decode(JobView.self, from: Data(cluster.bellwether("job", "show", "1", "--json").utf8))
        }
        #expect(try shown().newerDataset == nil)
        try cluster.bellwether("data", "synth", "--name", "market", "--symbols", "1", "--bars", "600", "--seed", "4")
        let newer = try #require(try shown().newerDataset)
        #expect(newer != accepted.dataset && newer.count == 64)
        #expect(try cluster.bellwether("job", "show", "1").contains("has changed"))
        try cluster.addWorker()
        _ = try cluster.bellwether("job", "show", "1", "--follow", "--json")
        #expect(try shown().dataset == accepted.dataset && shown().state == "succeeded")
    }

    @Test("A dataset file that is damaged under a running job is noticed by the worker that reads it, and never used")
    func damagedFile() throws {
        let cluster = try TestCluster()
        defer { cluster.stop() }
        try cluster.bellwether("data", "synth", "--name", "market", "--symbols", "1", "--bars", "600", "--seed", "3")
        let file = try cluster.home.write(
            "job.yaml",
            "job: stress\nname: s\ndataset: market\nstrategy: {rule: {kind: buyAndHold}}\nretry: {maximum: 0}\n")
        let accepted = try APICoding.decode(JobView.self, from: Data(cluster.bellwether("submit", file, "--json").utf8))
        let hash = try #require(accepted.dataset)
        let files = FileManager.default.enumerator(atPath: cluster.home.path)?.compactMap { $0 as? String } ?? []
        let stored = try #require(files.first { $0.contains(hash) })
        let path = cluster.home.path + "/" + stored
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        bytes[bytes.count / 2] ^= 1
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
        try bytes.write(to: URL(fileURLWithPath: path))
        try cluster.addWorker()
        let run = try Program.run(
            "bellwether", ["job", "show", "1", "--follow", "--home", cluster.home.path],
            environment: ["BELLWETHER_HEAD": cluster.url])
        #expect(run.status == 1)
        #expect((run.output + run.errors).contains("E_DATASET_FORMAT") || (run.output + run.errors).contains("E_DATASET_HASH"))
    }
}
