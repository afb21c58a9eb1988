import Registry
import Scheduling
import Stores
import Testing

/// What every registry promises, whatever is behind it.
@Suite struct RegistryContractTests {
    private struct Unfit: Error {}

    @discardableResult
    private func promote(
        _ models: any ModelStore, _ version: Int64, alias: String = "champion", by: String = "ann", at: Int64 = 7,
        verify: (ModelVersion) throws -> Void = { _ in }
    ) throws -> Promotion {
        try models.promote(
            model: "spx-ridge", version: version, alias: alias, by: by, reason: "better", gate: "deflatedSharpe > 0.95",
            gateValues: ["deflatedSharpe": 0.97], at: at, verify: verify)
    }

    private func register(_ models: any ModelStore, job: Int64 = 0, artifact: String = "a1") throws -> ModelVersion {
        try models.register(
            model: "spx-ridge", artifact: artifact, lineage: Records.lineage(job: job, parent: 4),
            metrics: ["sharpe": 1.25, "ratio": .infinity],
            at: 99)
    }

    @Test("Versions count from 1 for each model and are read back as they were", arguments: StoreKind.allCases)
    func versions(kind: StoreKind) throws {
        let store = try kind.make()
        let models = try store.open().models
        let first = try register(models)
        let second = try register(models, artifact: "a2")
        let other = try models.register(model: "Other", artifact: "a3", lineage: Records.lineage(), metrics: [:], at: 1)
        #expect([first.version, second.version, other.version] == [1, 2, 1])
        #expect(first.lineage == Records.lineage(parent: 4) && first.metrics == ["sharpe": 1.25, "ratio": .infinity])
        let reader = try store.open().models
        #expect(try reader.versions(of: "spx-ridge") == [first, second])
        #expect(try reader.version(2, of: "spx-ridge") == second)
        #expect(try reader.version(3, of: "spx-ridge") == nil)
        #expect(try reader.version(1, of: "nothing") == nil)
        #expect(try reader.models().map(\.model) == ["Other", "spx-ridge"])
        #expect(try reader.models().map(\.versions) == [1, 2])
    }

    @Test("A job registers one version, however often it asks", arguments: StoreKind.allCases)
    func oneVersionPerJob(kind: StoreKind) throws {
        let models = try kind.make().open().models
        let first = try register(models, job: 5)
        #expect(try register(models, job: 5, artifact: "another") == first)
        #expect(try register(models, job: 6).version == 2)
        #expect(try models.versions(of: "spx-ridge").count == 2)
    }

    @Test("Processes that register at once get different numbers, and one job only one", arguments: StoreKind.allCases)
    func concurrentRegistrations(kind: StoreKind) async throws {
        let store = try kind.make()
        let processes = try (0..<4).map { _ in try store.open().models }
        let versions = try await withThrowingTaskGroup(of: [Int64].self) { group in
            for (index, models) in processes.enumerated() {
                group.addTask {
                    try [100, Int64(index) + 1].map { try register(models, job: $0).version }
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(Set(versions) == [1, 2, 3, 4, 5])
        #expect(try processes[0].versions(of: "spx-ridge").count == 5)
    }

    @Test("A name that breaks the rule reaches no table", arguments: StoreKind.allCases)
    func names(kind: StoreKind) throws {
        let models = try kind.make().open().models
        _ = try register(models)
        for name in ["../x", "", "a b"] {
            #expect(throws: RegistryError.self) {
                try models.register(model: name, artifact: "a", lineage: Records.lineage(), metrics: [:], at: 1)
            }
            #expect(throws: RegistryError.self) { try promote(models, 1, alias: name) }
            #expect(throws: RegistryError.self) { try models.setRetrainSpec("{}", of: name) }
        }
        #expect(try models.models().map(\.model) == ["spx-ridge"])
        #expect(try models.promotions(of: "spx-ridge").isEmpty)
    }

    @Test("A promotion points the alias and is kept for ever", arguments: StoreKind.allCases)
    func promotion(kind: StoreKind) throws {
        let store = try kind.make()
        let models = try store.open().models
        let first = try register(models)
        let second = try register(models)
        #expect(try models.resolve(model: "spx-ridge", alias: "champion") == nil)
        try promote(models, 1, at: 10)
        try promote(models, 2, alias: "challenger", at: 11)
        let last = try promote(models, 2, by: "job 3", at: 12)
        try promote(models, 1, at: 13)
        #expect(
            last
                == Promotion(
                    model: "spx-ridge", alias: "champion", from: 1, to: 2, by: "job 3", reason: "better",
                    gate: "deflatedSharpe > 0.95",
                    gateValues: ["deflatedSharpe": 0.97], at: 12))
        let reader = try store.open().models
        let history = try reader.promotions(of: "spx-ridge")
        #expect(history.map(\.alias) == ["champion", "challenger", "champion", "champion"])
        #expect(history.map(\.from) == [nil, nil, 1, 2])
        #expect(history.map(\.to) == [1, 2, 2, 1])
        #expect(history[2] == last)
        #expect(try reader.resolve(model: "spx-ridge", alias: "champion") == first)
        #expect(try reader.resolve(model: "spx-ridge", alias: "challenger") == second)
        #expect(try reader.models().map(\.aliases) == [["champion": 1, "challenger": 2]])
        #expect(try reader.promotions(of: "other").isEmpty)
    }

    @Test("Only a version that exists and passes its verification is promoted", arguments: StoreKind.allCases)
    func refusedPromotion(kind: StoreKind) throws {
        let models = try kind.make().open().models
        let version = try register(models)
        #expect(throws: RegistryError.self) { try promote(models, 2) }.map { #expect($0.code == "E_PROMOTE_VERSION") }
        var verified: [ModelVersion] = []
        #expect(throws: Unfit.self) {
            try promote(models, 1) {
                verified.append($0)
                throw Unfit()
            }
        }
        #expect(verified == [version])
        #expect(try models.resolve(model: "spx-ridge", alias: "champion") == nil)
        #expect(try models.promotions(of: "spx-ridge").isEmpty)
    }

    @Test(
        "A head that was replaced verifies nothing: the artifact is looked at inside its transaction",
        arguments: StoreKind.allCases)
    func fencedPromotion(kind: StoreKind) throws {
        let store = try kind.make()
        let old = try store.open(holder: "old")
        _ = try old.journal.raiseTerm()
        _ = try register(old.models)
        _ = try store.open(holder: "new").journal.raiseTerm()
        var looks = 0
        let error = #expect(throws: StoreError.self) { try promote(old.models, 1) { _ in looks += 1 } }
        #expect(error?.code == "E_FENCED_HEAD" && looks == 0)
        #expect(try old.models.promotions(of: "spx-ridge").isEmpty)
    }

    @Test("Of promotions at the same time each is recorded, and each names the one before it", arguments: StoreKind.allCases)
    func concurrentPromotions(kind: StoreKind) async throws {
        let store = try kind.make()
        let processes = try (0..<4).map { _ in try store.open().models }
        for _ in 0..<8 { _ = try register(processes[0]) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, models) in processes.enumerated() {
                group.addTask {
                    try promote(models, Int64(index) * 2 + 1)
                    try promote(models, Int64(index) * 2 + 2)
                }
            }
            try await group.waitForAll()
        }
        let history = try processes[0].promotions(of: "spx-ridge")
        #expect(Set(history.map(\.to)) == Set(1...8) && history.count == 8)
        #expect(history.map(\.from) == [nil] + history.dropLast().map(\.to))
        #expect(try processes[1].resolve(model: "spx-ridge", alias: "champion")?.version == history.last?.to)
    }

    @Test(
        "A head that was replaced cannot change the registry; a node that never was a head can write",
        arguments: StoreKind.allCases)
    func fencing(kind: StoreKind) throws {
        let store = try kind.make()
        let first = try store.open()
        let second = try store.open()
        let node = try store.open()
        _ = try first.journal.raiseTerm()
        _ = try register(first.models)
        _ = try second.journal.raiseTerm()
        for write in [
            { _ = try register(first.models) }, { try promote(first.models, 1) },
            { try first.models.setRetrainSpec("{}", of: "m") },
            { try first.models.put(Records.dataset("spx", "aa")) },
        ] as [() throws -> Void] {
            #expect(throws: StoreError.self) { try write() }.map { #expect($0.code == "E_FENCED_HEAD") }
        }
        try promote(second.models, 1)
        try node.models.add(Records.drift("spx-ridge", drifted: true, at: 1))
        #expect(try node.models.promotions(of: "spx-ridge").count == 1)
        #expect(try node.models.versions(of: "spx-ridge").count == 1)
    }

    @Test("A model's retrain job can be set, replaced and removed", arguments: StoreKind.allCases)
    func retrainSpec(kind: StoreKind) throws {
        let models = try kind.make().open().models
        #expect(try models.retrainSpec(of: "spx-ridge") == nil)
        _ = try register(models)
        #expect(try models.retrainSpec(of: "spx-ridge") == nil)
        for spec in [#"{"job":"retrain"}"#, #"{"job":"retrain","seed":2}"#, nil] {
            try models.setRetrainSpec(spec, of: "spx-ridge")
            #expect(try models.retrainSpec(of: "spx-ridge") == spec)
        }
        #expect(try models.versions(of: "spx-ridge").count == 1)
    }

    @Test("Drift reports are numbered, read newest first, and followed from a number on", arguments: StoreKind.allCases)
    func drift(kind: StoreKind) throws {
        let store = try kind.make()
        let models = try store.open().models
        for (index, drifted) in [false, true, false, true, true].enumerated() {
            try models.add(Records.drift(index == 3 ? "other" : "spx-ridge", drifted: drifted, at: Int64(index)))
        }
        let reader = try store.open().models
        #expect(try reader.reports(of: "spx-ridge", limit: 2).map(\.at) == [4, 2])
        #expect(try reader.reports(of: "spx-ridge", limit: 100).count == 4)
        let all = try reader.drifted(after: 0, limit: 100)
        #expect(all.map(\.at) == [1, 3, 4])
        var expected = Records.drift("spx-ridge", drifted: true, at: 1)
        expected.id = all[0].id
        #expect(all[0] == expected)
        #expect(try reader.drifted(after: all[0].id, limit: 1) == [all[1]])
        #expect(try reader.drifted(after: all[2].id, limit: 100).isEmpty)
        #expect(try reader.drifted(after: 0, limit: -1).isEmpty)
    }

    @Test("A dataset's name points at the content that was put last", arguments: StoreKind.allCases)
    func datasets(kind: StoreKind) throws {
        let models = try kind.make().open().models
        try models.put(Records.dataset("spx", "aa", at: 1))
        try models.put(Records.dataset("spx", "bb", at: 2))
        try models.put(Records.dataset("alias", "aa", at: 3))
        #expect(try models.dataset(name: "spx") == Records.dataset("spx", "bb", at: 2))
        #expect(try models.dataset(sha256: "bb") == Records.dataset("spx", "bb", at: 2))
        #expect(try models.dataset(sha256: "cc") == nil)
        #expect(try models.dataset(name: "nothing") == nil)
        try models.put(Records.dataset("spx", "aa", at: 4))
        #expect(try models.dataset(name: "spx") == Records.dataset("spx", "aa", at: 4))
        #expect(
            try models.datasets() == [
                Records.dataset("alias", "aa", at: 3), Records.dataset("spx", "aa", at: 4), Records.dataset("spx", "bb", at: 2),
            ])
    }
}
