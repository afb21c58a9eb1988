import Cluster
import Diagnostics
import Registry
import Testing

@Suite struct ModelRouteTests {
    /// Stores weights and a manifest that names them; returns the manifest's hash.
    private func storeModel(_ gateway: RunningGateway) throws -> (manifest: String, weights: String) {
        let weights = try gateway.artifacts.put(Array("weights".utf8))
        return (try gateway.artifacts.put(Array(#"{"weights":{"sha256":"\#(weights)"}}"#.utf8)), weights)
    }

    @Test func `models, versions and promotions are listed`() async throws {
        try await RunningGateway.with { gateway in
            let model = try storeModel(gateway)
            gateway.registry.add("spx", version: 1, artifact: model.manifest)
            gateway.registry.add("spx", version: 2, artifact: model.manifest)
            #expect(try await gateway.client.models() == [ModelSummary(model: "spx", versions: 2, aliases: [:])])
            #expect(try await gateway.client.versions(of: "spx").map(\.version) == [1, 2])
            let version = try await gateway.client.version(2, of: "spx")
            #expect(version.lineage.seed == .max)
            #expect(version.metrics["calmar"]?.isNaN == true)

            let request = PromoteRequest(version: 2, by: "ada", reason: "better")
            let promotion = try await gateway.client.promote("spx", alias: "champion", request)
            #expect(promotion.to == 2)
            #expect(promotion.from == nil)
            #expect(try await gateway.client.model("spx").aliases == ["champion": 2])
            #expect(try await gateway.client.promotions(of: "spx") == [promotion])
        }
    }

    @Test func `a promotion verifies the manifest and the weights it names`() async throws {
        try await RunningGateway.with { gateway in
            let missing = String(repeating: "0", count: 64)
            let orphan = try gateway.artifacts.put(Array(#"{"weights":{"sha256":"\#(missing)"}}"#.utf8))
            gateway.registry.add("gone", version: 1, artifact: missing)
            gateway.registry.add("half", version: 1, artifact: orphan)
            for model in ["gone", "half"] {
                let error = await #expect(throws: ClientError.self) {
                    try await gateway.client.promote(model, alias: "champion", PromoteRequest(version: 1, by: "ada", reason: ""))
                }
                #expect(error?.code == "E_ARTIFACT_MISSING")
                #expect(error?.category == .integrity)
                #expect(try await gateway.client.model(model).aliases.isEmpty)
            }
        }
    }

    @Test func `unknown models and versions are not found`() async throws {
        try await RunningGateway.with { gateway in
            gateway.registry.add("spx", version: 1, artifact: "a")
            for path in ["/v1/models/none", "/v1/models/none/versions", "/v1/models/none/promotions", "/v1/models/none/drift"] {
                let answer = try await gateway.request("GET", path)
                #expect(answer.status == 404)
                #expect(answer.codes == ["E_MODEL_UNKNOWN"])
            }
            #expect(try await gateway.request("GET", "/v1/models/spx/versions/7").codes == ["E_VERSION_UNKNOWN"])
            let promote = try await gateway.json(
                "POST", "/v1/models/spx/aliases/champion", #"{"version":7,"by":"a","reason":""}"#)
            #expect(promote.codes == ["E_PROMOTE_VERSION"])
            #expect(promote.status == 400)
        }
    }

    @Test func `drift reports come newest first`() async throws {
        try await RunningGateway.with { gateway in
            gateway.registry.add("spx", version: 1, artifact: "a")
            for at in 1...3 {
                try gateway.registry.add(
                    DriftReport(
                        id: Int64(at), model: "spx", version: 1, node: "n", rows: 100, drifted: at == 3, worstFeature: "rsi_14",
                        distances: ["rsi_14": 0.3], at: Int64(at)))
            }
            #expect(try await gateway.client.drift(of: "spx", limit: 2).map(\.at) == [3, 2])
        }
    }

    // Case 58: names that lead elsewhere, are too long or only look alike.
    @Test(arguments: [".x", String(repeating: "a", count: 300), "a~b"])
    func `a name outside the rule is refused`(name: String) async throws {
        try await RunningGateway.with { gateway in
            let answer = try await gateway.request("GET", "/v1/models/\(name)")
            #expect(answer.status == 400)
            #expect(answer.codes == ["E_NAME"])
        }
    }

    @Test(arguments: ["../x", "x/y", "сhampion", ""])
    func `the client sends no name outside the rule`(name: String) async throws {
        let client = try HeadClient(url: "http://127.0.0.1:1")
        let error = await #expect(throws: RegistryError.self) { try await client.model(name) }
        #expect(error?.code == "E_NAME")
        await client.shutdown()
    }
}
