import Cluster
import Learning
import MarketData
import Registry
import Specs
import SwiftProtobuf
import Testing
import Wire

@Suite struct FitWorkloadTests {
    private static let strategy = """
        {"features":["return_1","return_5","volatility_20"],"label":{"forwardReturn":2},"model":{"kind":"KIND","l2":0.5},\
        "position":{"kind":"sign","threshold":0.1}}
        """

    private func fit(_ fixture: Fixture, kind: String = "ridge", train: Range<Int> = 0..<350) throws -> ProtoFitResult {
        let strategy = try ResolvedStrategy(json: Self.strategy.replacing("KIND", with: kind)).canonicalJSON
        return try fixture.run(.fit(.with { ($0.strategy, $0.train, $0.seed) = (strategy, .bars(train), 99) })).fit
    }

    @Test(arguments: ["ridge", "logistic"])
    func `a fit stores a model that reads back`(kind: String) throws {
        let fixture = try Fixture(symbols: ["AAA", "BBB"])
        let result = try fit(fixture, kind: kind)
        let manifest = try fixture.blobs.artifact(result.manifest)
        let weights = try fixture.blobs.artifact(result.weights)
        #expect(try ArtifactManifest.weights(in: manifest) == result.weights)
        let artifact = try ModelArtifact.decode(weights: weights, manifest: manifest)
        #expect(artifact.datasetHash == fixture.dataset.sha256)
        // Lineage tells builds apart; the model's bytes do not depend on the build.
        #expect(result.codeVersion == CodeVersion.build && artifact.codeVersion == CodeVersion.text)
        #expect(result.codeVersion.wholeMatch(of: /\d+\.\d+\.\d+\+[0-9a-f]{12}/) != nil, "\(result.codeVersion)")
        #expect(artifact.trainRange == 0..<350 && artifact.seed == 99)
        #expect(artifact.lastTrainTime == fixture.dataset.series[0].time[349])
        #expect(artifact.model.features.map(\.description) == ["return_1", "return_5", "volatility_20"])
        #expect(artifact.profile.features.count == 3)
        #expect(artifact.position.kind == "sign" && artifact.position.parameters["threshold"] == 0.1)
        #expect(artifact.position.parameters["scale"] ?? 0 > 0)
    }

    @Test func `the same fit gives the same bytes, another range others`() throws {
        let one = try Fixture()
        let two = try Fixture()
        let first = try fit(one)
        #expect(try fit(two) == first)
        #expect(try one.blobs.artifact(first.manifest) == two.blobs.artifact(first.manifest))
        #expect(try fit(one, train: 0..<340).manifest != first.manifest)
    }

    @Test func `a model compared with itself is as good as itself`() throws {
        let fixture = try Fixture()
        let manifest = try fit(fixture, train: 0..<300).manifest
        let other = try fit(fixture, kind: "logistic", train: 0..<300).manifest
        func compare(_ models: [(String, String)]) throws -> [String: Double] {
            try self.compare(fixture, models, holdout: 300..<400)
        }
        let metrics = try compare([("champion", manifest), ("challenger", manifest)])
        let champion = metrics.filter { $0.key.hasPrefix("champion.") }
        #expect(champion.count > 5 && champion["champion.sharpe"] != nil)
        for (name, value) in champion {
            #expect(metrics["challenger." + name.dropFirst("champion.".count)] == value, "\(name)")
        }
        let different = try compare([("champion", manifest), ("challenger", other)])
        #expect(different["champion.sharpe"] == metrics["champion.sharpe"])
        #expect(different["challenger.totalReturn"] != different["champion.totalReturn"])
        #expect(throws: FakeBlobs.Missing.self) { try compare([("champion", String(repeating: "0", count: 64))]) }
    }

    @Test func `a model is not judged on bars that it was fitted on, in this dataset or an earlier one`() throws {
        let earlier = try Fixture(Fixture.market(bars: 320))
        let later = try Fixture(Fixture.market(bars: 400))
        // The same market, 80 bars later: what an older model has seen is told by time.
        let old = try fit(earlier, train: 0..<320)
        for sha256 in [old.manifest, old.weights] { _ = try later.blobs.putArtifact(earlier.blobs.artifact(sha256)) }
        let new = try fit(later, train: 0..<330).manifest
        let models = [("champion", old.manifest), ("challenger", new)]
        #expect(try compare(later, models, holdout: 330..<400)["champion.sharpe"] != nil)
        #expect(WorkerTask.code { _ = try compare(later, models, holdout: 329..<400) } == "E_HOLDOUT_SEEN")
        #expect(WorkerTask.code { _ = try compare(later, [("champion", old.manifest)], holdout: 319..<400) } == "E_HOLDOUT_SEEN")
        #expect(try compare(later, [("champion", old.manifest)], holdout: 320..<400)["champion.sharpe"] != nil)
    }

    private func compare(_ fixture: Fixture, _ models: [(String, String)], holdout: Range<Int>) throws -> [String: Double] {
        try fixture.run(
            .compare(
                .with {
                    $0.holdout = .bars(holdout)
                    $0.models = models.map { role, manifest in .with { ($0.role, $0.manifest) = (role, manifest) } }
                })
        ).compare.metrics
    }

    @Test func `a rule has no model, and a text that is no strategy is refused`() throws {
        let fixture = try Fixture()
        let rule = #"{"rule":{"kind":"buyAndHold"}}"#
        #expect(
            WorkerTask.code { _ = try fixture.run(.fit(.with { ($0.strategy, $0.train) = (rule, .bars(0..<300)) })) }
                == "E_STRATEGY_KIND")
        for text in ["", "{", "[]", "null"] {
            #expect(
                WorkerTask.code { _ = try fixture.run(.fit(.with { ($0.strategy, $0.train) = (text, .bars(0..<300)) })) } != nil)
        }
        #expect(WorkerTask.code { _ = try fit(fixture, train: 0..<0) } != nil)
        #expect(WorkerTask.code { _ = try fit(fixture, train: 5..<10) } != nil)
    }
}
