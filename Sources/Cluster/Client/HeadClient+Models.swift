package import Registry

extension HeadClient {
    package func models() async throws -> [ModelSummary] { try await get("/v1/models", as: ModelsPage.self).models }

    package func model(_ name: String) async throws -> ModelSummary {
        try await get("/v1/models/\(segment(name, of: "model"))", as: ModelSummary.self)
    }

    package func versions(of name: String) async throws -> [ModelVersion] {
        try await get("/v1/models/\(segment(name, of: "model"))/versions", as: VersionsPage.self).versions
    }

    package func version(_ version: Int64, of name: String) async throws -> ModelVersion {
        try await get("/v1/models/\(segment(name, of: "model"))/versions/\(version)", as: ModelVersion.self)
    }

    package func promote(_ name: String, alias: String, _ request: PromoteRequest) async throws -> Promotion {
        try await post(
            "/v1/models/\(segment(name, of: "model"))/aliases/\(segment(alias, of: "alias"))", request, as: Promotion.self
        ).value
    }

    /// Oldest first.
    package func promotions(of name: String) async throws -> [Promotion] {
        try await get("/v1/models/\(segment(name, of: "model"))/promotions", as: PromotionsPage.self).promotions
    }

    /// Newest first.
    package func drift(of name: String, limit: Int = 50) async throws -> [DriftReport] {
        try await get("/v1/models/\(segment(name, of: "model"))/drift?limit=\(limit)", as: DriftPage.self).reports
    }

    /// A name that is safe to put into a path. Throws `E_NAME`.
    private func segment(_ name: String, of what: String) throws -> String { try RegistryName.check(name, of: what) }
}
