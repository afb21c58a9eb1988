import Cluster
import Foundation
import TestSupport
import Testing

@Suite(.serialized) struct PromotionTests {
    @Test("A promotion switches a loaded serving node within a second and no request fails", arguments: ["sqlite", "postgres"])
    func switchesUnderLoad(_ store: String) async throws {
        let registry = store == "postgres" ? try PostgresServer.shared().makeDatabase() : nil
        let cluster = try TestCluster(registry: registry, localWorkers: 1)
        defer { cluster.stop() }
        // Two versions on different data: the same spec trained twice, on a longer history the second time.
        for bars in ["1200", "1500"] {
            try cluster.bellwether("data", "synth", "--name", "market", "--symbols", "1", "--bars", bars, "--seed", "3")
            let file = try cluster.home.write(
                "job-\(bars).yaml", TestSpecs.study(dataset: "market", trials: 2, then: TestSpecs.registering("test-ridge")))
            try cluster.bellwether("submit", file, "--follow")
        }
        try cluster.bellwether("models", "promote", "test-ridge", "1", "--alias", "champion", "--reason", "first")
        let node = try TestServingNode(registry: cluster.registry, home: cluster.home.path, model: "test-ridge")
        defer { node.stop() }

        let load = ServingLoad()
        let clock: @Sendable () -> Int64 = { WallClock.milliseconds }
        let runners = (0..<4).map { _ in
            Task { await load.run(node, model: "test-ridge", row: [0.01, -0.02, 0.2, 1.5], now: clock) }
        }
        _ = try await eventually("answers come") { load.current.answers > 50 ? true : nil }
        _ = try await cluster.withClient {
            try await $0.promote("test-ridge", alias: "champion", PromoteRequest(version: 2, by: "test", reason: "newer"))
        }
        let promotedAt = clock()
        _ = try await eventually("version 2 answers") { load.current.versions.last?.version == "2" ? true : nil }
        let count = load.current.answers
        _ = try await eventually("more answers come") { load.current.answers > count + 50 ? true : nil }
        load.stop()
        for runner in runners { await runner.value }

        let seen = load.current
        #expect(seen.failures.isEmpty, "\(seen.failures.prefix(3))")
        let first = try #require(seen.versions.first { $0.version == "2" })
        #expect(first.at - promotedAt < 1_000)
        // Each version has one prediction for the row: no answer came from a mixture of the two.
        #expect(seen.predictions["1"]?.count == 1)
        #expect(seen.predictions["2"]?.count == 1)
        #expect(Set(seen.predictions.keys) == ["1", "2"])
    }
}
