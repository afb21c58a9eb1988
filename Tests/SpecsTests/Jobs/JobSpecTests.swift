import Backtest
import Foundation
import MarketData
import Registry
import Scheduling
import Search
import Specs
import Testing
import TestSupport

@Suite struct JobSpecTests {
    private static let hash = String(repeating: "0123456789abcdef", count: 4)

    private static func example(_ name: String) throws -> JobSpec {
        let url = SharedData.root.appendingPathComponent("jobs/\(name).yaml")
        return try JobSpec.parse(bytes: Data(contentsOf: url), file: "\(name).yaml")
    }

    @Test(arguments: [
        "spx-ridge", "spx-ma-cross", "spx-retrain", "spx-rule", "synthetic-portfolio", "drill", "command-python", "command-c",
        "command-conditional", "command-gang", "command-study", "external-study", "portfolio", "spx-certify", "spx-folds",
        "spx-front", "spx-nested", "spx-stress", "spx-sweep",
    ])
    func `every example parses, and its canonical form reads back`(name: String) throws {
        let spec = try Self.example(name)
        #expect(spec.name == name)
        #expect(try JobSpec.parse(text: spec.canonicalJSON()) == spec)
        let pinned = spec.pinned(toDataset: Self.hash)
        #expect(try JobSpec.parse(text: spec.canonicalJSON(datasetHash: Self.hash)) == pinned)
        #expect(pinned.canonicalJSON() == spec.canonicalJSON(datasetHash: Self.hash))
        #expect(pinned.specHash() == spec.specHash(datasetHash: Self.hash))
    }

    @Test func `every file in jobs is one of the tested examples`() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: SharedData.root.appendingPathComponent("jobs").path)
        #expect(
            files.filter { $0.hasSuffix(".yaml") }.sorted() == [
                "command-c.yaml", "command-conditional.yaml", "command-gang.yaml", "command-python.yaml",
                "command-study.yaml", "drill.yaml", "external-study.yaml", "portfolio.yaml", "spx-certify.yaml",
                "spx-folds.yaml", "spx-front.yaml", "spx-ma-cross.yaml", "spx-nested.yaml", "spx-retrain.yaml",
                "spx-ridge.yaml", "spx-rule.yaml", "spx-stress.yaml", "spx-sweep.yaml", "synthetic-portfolio.yaml",
            ])
    }

    @Test func `the examples fit the data they are meant for`() throws {
        let ridge = try Self.example("spx-ridge")
        try ridge.checkWindows(bars: 5_031)
        guard case .study(let study) = ridge.body else { throw SpecSamples.Unexpected() }
        #expect(try study.walkForward.windowCount(bars: 5_031) == 67)
        #expect(study.search.trials == 200)
        #expect(study.dataset == DatasetReference(name: "spx-daily"))
        guard case .model(let model) = study.strategy else { throw SpecSamples.Unexpected() }
        // The slowest feature has its first value inside the first train range, with room to learn from.
        #expect((model.features.map(\.lookback).max() ?? .max) < study.walkForward.train / 2)
        let cross = try Self.example("spx-ma-cross")
        try cross.checkWindows(bars: 5_031)
        guard case .study(let sweep) = cross.body else { throw SpecSamples.Unexpected() }
        #expect(sweep.search.trials == 9 * 21 * 2)
        try Self.example("spx-retrain").checkWindows(bars: 5_031)
    }

    @Test func `every point of the crossover sweep is a rule`() throws {
        guard case .study(let sweep) = try Self.example("spx-ma-cross").body else { throw SpecSamples.Unexpected() }
        let space = try sweep.searchSpace()
        var sampler = sweep.search.sampler.sampler
        for number in 0..<sweep.search.trials {
            let values = sampler.suggest(trial: number, history: .init(space: space), seed: sweep.search.seed)
            #expect(throws: Never.self) { try sweep.strategy.resolved(space.named(values)) }
        }
    }

    @Test func `a study knows the job that retrains its model`() throws {
        let ridge = try Self.example("spx-ridge")
        let retrain = try #require(ridge.pinned(toDataset: Self.hash).retrainJob)
        #expect(retrain.name == "spx-ridge-retrain")
        #expect(retrain.resources == ridge.resources)
        guard case .retrain(let spec) = retrain.body else { throw SpecSamples.Unexpected() }
        #expect(spec.model == "spx-ridge")
        // Not pinned: a retraining is for the data there is by then.
        #expect(spec.dataset == DatasetReference(name: "spx-daily"))
        #expect(spec.version == nil)
        #expect(spec.costs == Costs(commission: 0.0005, slippage: 0.0005))
        #expect(spec.rule.holdout == 126)
        #expect(spec.rule.cooldownMilliseconds == 3_600_000)
        #expect(spec.rule.promote?.when?.description == "challenger.sharpe > champion.sharpe")
        #expect(try JobSpec.parse(text: retrain.canonicalJSON()) == retrain)
        #expect(try Self.example("spx-ma-cross").retrainJob == nil)
    }

    @Test func `a retraining of a given version keeps it through the canonical form`() throws {
        let text =
            "job: retrain\nname: r\nmodel: m\ndataset: d\nversion: 7\nholdout: 63\ncosts: {slippage: 0.001}\nlimits: {stopLoss: 0.1}\n"
        let spec = try JobSpec.parse(text: text)
        guard case .retrain(let retrain) = spec.body else { throw SpecSamples.Unexpected() }
        #expect(retrain.version == 7)
        #expect(retrain.limits.stopLoss == 0.1)
        #expect(try JobSpec.parse(text: spec.canonicalJSON()) == spec)
        SpecSamples.expect(text.replacing("version: 7", with: "version: 0"), "E_SPEC_RANGE", at: 5, 10, key: "/version")
        let error = #expect(throws: SpecErrors.self) { try spec.checkWindows(bars: 63) }
        #expect(error?.code == "E_WINDOW_LENGTH")
    }

    @Test func `the canonical form has sorted keys, every default and the pinned dataset`() throws {
        let spec = try JobSpec.parse(text: SpecSamples.drill + "\nresources: {cpu: 0.25}\nlabels: {b: \"x\\ty\\\"\", a: ü}")
        #expect(
            spec.canonicalJSON()
                == #"{"job":"drill","labels":{"a":"ü","b":"x\u0009y\""},"name":"d","priority":0,"resources":{"cpu":0.25,"memory":536870912},"retry":{"backoff":"500ms","limit":"30s","maximum":2},"tasks":5,"work":{"kind":"none"}}"#
        )
        let study = try JobSpec.parse(text: SpecSamples.study)
        #expect(study.canonicalJSON(datasetHash: Self.hash).contains(#""dataset":{"name":"spx-daily","sha256":"\#(Self.hash)"}"#))
    }

    @Test func `numbers keep their bits through the canonical form`() throws {
        for value in [0.1 + 0.2, 1e-300, .leastNonzeroMagnitude, 123_456_789.125, 1e12, 0, 3] {
            let text = SpecSamples.study("l2: {float: [0.001, 100.0], log: true}", "l2: \(value)")
            let spec = try JobSpec.parse(text: text)
            #expect(try JobSpec.parse(text: spec.canonicalJSON()) == spec)
            guard case .study(let study) = spec.body, case .model(let model) = study.strategy else {
                throw SpecSamples.Unexpected()
            }
            #expect(model.l2 == .fixed(.double(value)))
        }
    }

    @Test func `quantities have units`() throws {
        let spec = try JobSpec.parse(
            text: SpecSamples.drill
                + "\nresources: {cpu: 2, memory: 2GiB}\ntimeout: 90m\nretry: {maximum: 0, backoff: 1500ms, limit: 1h}")
        #expect(spec.resources == Resources(milliCPU: 2_000, memory: 2 << 30))
        #expect(spec.timeoutMilliseconds == 5_400_000)
        #expect(spec.retry == RetryPolicy(maximum: 0, backoffMilliseconds: 1_500, backoffLimitMilliseconds: 3_600_000))
        #expect(try JobSpec.parse(text: spec.canonicalJSON()) == spec)
        #expect(try JobSpec.parse(text: SpecSamples.drill + "\nresources: {memory: 1500000}").resources.memory == 1_500_000)
        #expect(try JobSpec.parse(text: SpecSamples.drill + "\nresources: {memory: 10MB}").resources.memory == 10_000_000)
        SpecSamples.expect(
            SpecSamples.drill + "\nresources: {memory: 512MB2}", "E_SPEC_TYPE", at: 4, 21, key: "/resources/memory")
        SpecSamples.expect(
            SpecSamples.drill + "\nretry: {backoff: 2m, limit: 1m}", "E_SPEC_RANGE", at: 4, 29, key: "/retry/limit")
    }

    @Test func `a pinned dataset keeps its hash`() throws {
        let text = SpecSamples.study("dataset: spx-daily", "dataset: {name: spx-daily, sha256: \(Self.hash)}")
        #expect(try JobSpec.parse(text: text).dataset == DatasetReference(name: "spx-daily", sha256: Self.hash))
        let digits = String(repeating: "1", count: 64)
        #expect(try JobSpec.parse(text: text.replacing(Self.hash, with: digits)).dataset?.sha256 == digits)
        SpecSamples.expect(text.replacing(Self.hash, with: "abc"), "E_SPEC_TYPE", at: 3, 36, key: "/dataset/sha256")
    }

    @Test func `drills pick an even share of their tasks`() {
        let drill = DrillSpec(tasks: 1_000, work: .crash(share: 0.25, attempts: 2))
        let first = (0..<1_000).map { drill.action(task: $0, attempt: 1) }
        #expect(first.filter { $0 == .crash }.count == 250)
        #expect((0..<1_000).map { drill.action(task: $0, attempt: 2) } == first)
        #expect((0..<1_000).allSatisfy { drill.action(task: $0, attempt: 3) == .succeed })
        #expect(DrillSpec(tasks: 1, work: .sleep(milliseconds: 5)).action(task: 0, attempt: 1) == .sleep(milliseconds: 5))
        #expect(DrillSpec(tasks: 1, work: .fail(share: 1, attempts: 1)).action(task: 0, attempt: 1) == .fail)
        #expect(DrillSpec(tasks: 1, work: .none).action(task: 0, attempt: 1) == .succeed)
    }
}
