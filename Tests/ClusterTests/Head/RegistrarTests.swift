import Diagnostics
import Foundation
import MarketData
import Registry
import Scheduling
import Stores
import TestSupport
import Testing

@testable import Cluster

@Suite struct RegistrarTests {
    private func code(_ error: (any Error)?) -> String? { (error as? any DiagnosticError)?.code }

    enum Damage: CaseIterable, Sendable { case deleted, flipped, cutShort }

    /// A registry with one model's files in its artifact store.
    private struct Fixture {
        let cluster: TestCluster
        let registrar: Registrar
        let models: InMemoryModelStore
        let manifest: String
        private let weights: String

        init() throws {
            cluster = try TestCluster()
            models = InMemoryModelStore(storage: cluster.storage)
            let stores = Head.Stores(
                journal: InMemoryJournal(storage: cluster.storage), models: models, artifacts: cluster.artifacts,
                catalogue: Catalogue(root: cluster.home.path + "/head"),
                attempts: AttemptStore(root: cluster.home.path + "/head"))
            registrar = Registrar(stores: stores, configuration: HeadConfiguration(codeVersion: "test"))
            weights = try cluster.artifacts.put((0..<5_000).map { UInt8(truncatingIfNeeded: $0 &* 31) })
            manifest = try cluster.artifacts.put(Array(#"{"weights":{"sha256":"\#(weights)"}}"#.utf8))
        }

        func registration(job: Int64) -> ModelRegistration {
            let lineage = Lineage(
                datasetHash: "d", specHash: "s", codeVersion: "test", seed: 1, trialCount: 1, parent: nil, job: job,
                strategy: "{}")
            var registration = ModelRegistration(model: "m", manifest: manifest, lineage: lineage, metrics: ["sharpe": 1])
            registration.promotions = [.init(alias: "champion", gate: nil)]
            return registration
        }

        func job(_ id: Int64) -> JobRecord {
            JobRecord(
                id: JobID(id), uid: "u", name: "n", kind: "study", spec: "{}", specHash: "s", dataset: nil, priority: 0,
                submittedAt: 0)
        }

        func spoil(_ damage: Damage) throws {
            let folder = cluster.artifacts.folder
            let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
            let name = try #require(names.first { $0.hasSuffix(weights) })
            let file = URL(fileURLWithPath: folder).appendingPathComponent(name)
            var bytes = try Data(contentsOf: file)
            switch damage {
            case .deleted: return try FileManager.default.removeItem(at: file)
            case .flipped: bytes[2_500] ^= 1
            case .cutShort: bytes.removeLast()
            }
            try bytes.write(to: file, options: .atomic)
        }
    }

    @Test func `a whole model is registered once and promoted`() throws {
        let fixture = try Fixture()
        for _ in 0..<2 {
            var result = JobResult(resultHash: "r", tasks: 1, failed: 0)
            try fixture.registrar.register(fixture.registration(job: 1), job: fixture.job(1), into: &result)
            #expect(result.model == "m" && result.version == 1)
        }
        #expect(try fixture.models.versions(of: "m").count == 1)
        #expect(try fixture.models.promotions(of: "m").map(\.to) == [1])
    }

    @Test(arguments: Damage.allCases)
    func `a model whose weights are damaged is neither registered nor promoted`(damage: Damage) throws {
        let fixture = try Fixture()
        try fixture.spoil(damage)
        var result = JobResult(resultHash: "r", tasks: 1, failed: 0)
        let error = #expect(throws: (any Error).self) {
            try fixture.registrar.register(fixture.registration(job: 1), job: fixture.job(1), into: &result)
        }
        #expect(code(error) == (damage == .deleted ? "E_ARTIFACT_MISSING" : "E_ARTIFACT_HASH"))
        #expect(result.model == nil && result.version == nil)
        #expect(try fixture.models.models().isEmpty && fixture.models.promotions(of: "m").isEmpty)
    }

    @Test(arguments: Damage.allCases)
    func `a registered version whose weights are damaged later is not promoted`(damage: Damage) throws {
        let fixture = try Fixture()
        var registration = fixture.registration(job: 1)
        registration.promotions = []
        var result = JobResult(resultHash: "r", tasks: 1, failed: 0)
        try fixture.registrar.register(registration, job: fixture.job(1), into: &result)
        try fixture.spoil(damage)
        let error = #expect(throws: (any Error).self) {
            try fixture.registrar.register(fixture.registration(job: 1), job: fixture.job(1), into: &result)
        }
        #expect(code(error)?.hasPrefix("E_ARTIFACT_") == true)
        #expect(try fixture.models.resolve(model: "m", alias: "champion") == nil)
        #expect(try fixture.models.promotions(of: "m").isEmpty)
    }
}
