import Cluster
import Foundation
import Registry
import TestSupport
import Testing

@Suite(.serialized) struct DriftTests {
    @Test("Live rows from another regime retrain, register, compare and promote a model with nobody touching anything")
    func closesTheLoop() async throws {
        try await drift(gate: "challenger.volatility > 0") { client, node, generator in
            let champion = try await eventually("the champion is a new version") { () -> Int64? in
                let version = try await client.model("test-ridge").aliases["champion"]
                return version == 1 ? nil : version
            }
            #expect(champion == 2)
            let versions = try await client.versions(of: "test-ridge")
            let second = try #require(versions.first { $0.version == 2 })
            #expect(second.lineage.parent == 1)
            #expect(second.lineage.datasetHash != versions.first { $0.version == 1 }?.lineage.datasetHash)
            let history = try await client.promotions(of: "test-ridge")
            #expect(history.map(\.alias) == ["champion", "challenger", "champion"])
            #expect(history.last?.gate == "challenger.volatility > 0.0")
            #expect(history.last?.gateValues.isEmpty == false)
            let jobs = try await client.jobs(limit: 10).jobs
            #expect(jobs.count { $0.kind == "retrain" } == 1)
            // And the node serves it.
            _ = try await eventually("the node serves version 2") { () -> Bool? in
                let row = generator.next(volatility: 0.2)
                return try await node.infer(model: "test-ridge", rows: [row], width: 4).model_version == "2" ? true : nil
            }
        }
    }

    @Test("A challenger that does not pass the gate is registered, compared and not promoted")
    func keepsTheChampion() async throws {
        try await drift(gate: "challenger.sharpe > champion.sharpe and challenger.volatility < 0") { client, node, generator in
            let retrain = try await eventually("the retrain job has ended") { () -> JobView? in
                try await client.jobs(limit: 10).jobs.first { $0.kind == "retrain" && $0.hasEnded }
            }
            let gate = try #require(retrain.result?.gate)
            #expect(retrain.state == "succeeded" && !gate.passed)
            // Both were run on the same held-out bars.
            for name in ["challenger.sharpe", "champion.sharpe", "challenger.volatility"] {
                #expect(gate.values[name]?.isFinite == true, "\(gate.values)")
            }
            #expect(try await client.model("test-ridge").aliases == ["champion": 1, "challenger": 2])
            let row = generator.next(volatility: 0.2)
            #expect(try await node.infer(model: "test-ridge", rows: [row], width: 4).model_version == "1")
        }
    }

    /// Trains and serves a model, lets the market change, sends rows of the new regime, and leaves the rest to the programs.
    private func drift(
        gate: String, _ body: (HeadClient, TestServingNode, inout LiveRows) async throws -> Void
    ) async throws {
        let cluster = try TestCluster(localWorkers: 1, settings: ["driftPollMilliseconds: 100"])
        defer { cluster.stop() }
        let retrain = """
              retrain:
                holdout: 250
                cooldown: 1h
                then:
                  promote: {alias: champion, when: \(gate)}
            """
        try cluster.bellwether("data", "synth", "--name", "market", "--symbols", "1", "--bars", "1500", "--seed", "5")
        let file = try cluster.home.write(
            "job.yaml", TestSpecs.study(dataset: "market", trials: 2, then: TestSpecs.registering("test-ridge", retrain: retrain))
        )
        try cluster.bellwether("submit", file, "--follow")
        try cluster.bellwether("models", "promote", "test-ridge", "1", "--alias", "champion", "--reason", "first")

        let node = try TestServingNode(
            registry: cluster.registry, home: cluster.home.path, model: "test-ridge",
            settings: ["drift:", "  enabled: true", "  minimumRows: 200", "  windowRows: 400", "  reportEverySeconds: 0.2"])
        defer { node.stop() }

        // The market changes: from now on the name stands for a history that goes on, four times as volatile.
        try cluster.bellwether(
            "data", "synth", "--name", "market", "--symbols", "1", "--bars", "2500", "--seed", "5", "--shift-at", "1500",
            "--shift-volatility", "4")
        // Live rows of the new regime, as a feed would send them.
        var generator = LiveRows(seed: 9)
        for _ in 0..<30 {
            _ = try await node.infer(model: "test-ridge", rows: (0..<20).map { _ in generator.next(volatility: 0.8) }, width: 4)
        }

        try await cluster.withClient { client in try await body(client, node, &generator) }
    }
}

/// Rows like the features of `TestSpecs.study`, from a seeded generator.
struct LiveRows {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    private mutating func uniform() -> Double {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Double(state >> 11) * 0x1p-53
    }

    /// About normal: the sum of twelve uniforms.
    private mutating func gaussian() -> Double { (0..<12).reduce(-6.0) { sum, _ in sum + uniform() } }

    /// return_1, return_5, volatility_21, zscore_20 of a market with that annual volatility.
    mutating func next(volatility: Double) -> [Double] {
        let daily = volatility / 252.0.squareRoot()
        return [gaussian() * daily, gaussian() * daily * 5.0.squareRoot(), volatility * (1 + 0.2 * gaussian()), gaussian()]
    }
}
