import Cluster
import HTTPTypes
import Hummingbird
import Registry

extension Routes {
    static let models: [Route] = [
        Route(
            method: .get, path: "/v1/models", name: "listModels", summary: "Lists the models with their aliases.",
            answers: [.init(status: 200, summary: "All models.", content: .json("ModelsPage"))], handler: listModels),
        Route(
            method: .get, path: "/v1/models/{model}", name: "showModel", summary: "Shows a model with its aliases.",
            answers: [.init(status: 200, summary: "The model.", content: .json("ModelSummary"))], handler: showModel),
        Route(
            method: .get, path: "/v1/models/{model}/versions", name: "listVersions",
            summary: "Lists the versions of a model, oldest first.",
            answers: [.init(status: 200, summary: "All versions.", content: .json("VersionsPage"))], handler: listVersions),
        Route(
            method: .get, path: "/v1/models/{model}/versions/{version}", name: "showVersion",
            summary: "Shows a version with its lineage and metrics.",
            answers: [.init(status: 200, summary: "The version.", content: .json("ModelVersion"))], handler: showVersion),
        Route(
            method: .post, path: "/v1/models/{model}/aliases/{alias}", name: "promoteVersion",
            summary: "Points an alias at a version, in one transaction that verifies the version's artifact.",
            body: .json("PromoteRequest"),
            answers: [.init(status: 200, summary: "The promotion, which is kept for ever.", content: .json("Promotion"))],
            handler: promote),
        Route(
            method: .get, path: "/v1/models/{model}/promotions", name: "listPromotions",
            summary: "Lists the promotions of a model, oldest first.",
            answers: [.init(status: 200, summary: "All promotions.", content: .json("PromotionsPage"))], handler: listPromotions),
        Route(
            method: .get, path: "/v1/models/{model}/drift", name: "listDrift",
            summary: "Lists drift reports of a model, newest first.",
            query: [.init(name: "limit", schema: .integer(1, 500), summary: "Reports on the page, 50 by default.")],
            answers: [.init(status: 200, summary: "The newest reports.", content: .json("DriftPage"))], handler: listDrift),
    ]

    private static func listModels(
        _ request: Request, _ context: GatewayContext, _ services: GatewayServices
    ) async throws -> Response {
        _ = try Query(request.uri.query, keys: [])
        let models = services.models
        return .json(ModelsPage(models: try await services.blocking.run { try models.models() }))
    }

    private static func showModel(
        _ request: Request, _ context: GatewayContext, _ services: GatewayServices
    ) async throws -> Response {
        .json(try await summary(of: context.name("model"), services))
    }

    /// Throws `E_MODEL_UNKNOWN`.
    private static func summary(of model: String, _ services: GatewayServices) async throws -> ModelSummary {
        let models = services.models
        guard let summary = try await services.blocking.run({ try models.models().first { $0.model == model } }) else {
            throw GatewayError.unknown("model", model)
        }
        return summary
    }

    private static func listVersions(
        _ request: Request, _ context: GatewayContext, _ services: GatewayServices
    ) async throws -> Response {
        let model = try await summary(of: context.name("model"), services).model
        let models = services.models
        return .json(VersionsPage(versions: try await services.blocking.run { try models.versions(of: model) }))
    }

    private static func showVersion(
        _ request: Request, _ context: GatewayContext, _ services: GatewayServices
    ) async throws -> Response {
        let (model, number) = (try context.name("model"), try context.number("version", as: Int64.self))
        let models = services.models
        guard let version = try await services.blocking.run({ try models.version(number, of: model) }) else {
            throw GatewayError.unknown("version", "\(number) of model \(model)")
        }
        return .json(version)
    }

    private static func promote(
        _ request: Request, _ context: GatewayContext, _ services: GatewayServices
    ) async throws -> Response {
        let (model, alias) = (try context.name("model"), try context.name("alias"))
        let body = try await request.json(
            PromoteRequest.self, keys: ["version", "by", "reason"], configuration: services.configuration, context: context)
        guard !body.by.isEmpty, body.by.utf8.count <= 128 else {
            throw GatewayError.parameter("by", body.by, "1 to 128 bytes long")
        }
        guard body.reason.utf8.count <= 2000 else {
            throw GatewayError.parameter("reason", body.reason, "at most 2000 bytes long")
        }
        _ = try await summary(of: model, services)
        guard let artifacts = services.artifacts else {
            throw GatewayError.busy("this head has no artifact store to verify the model in")
        }
        let (models, now) = (services.models, GatewayServices.now)
        let promotion = try await services.blocking.run {
            try models.promote(
                model: model, version: body.version, alias: alias, by: body.by, reason: body.reason, gate: "", gateValues: [:],
                at: now
            ) { try artifacts.verifyModel($0.artifact) }
        }
        return .json(promotion)
    }

    private static func listPromotions(
        _ request: Request, _ context: GatewayContext, _ services: GatewayServices
    ) async throws -> Response {
        let model = try await summary(of: context.name("model"), services).model
        let models = services.models
        return .json(PromotionsPage(promotions: try await services.blocking.run { try models.promotions(of: model) }))
    }

    private static func listDrift(
        _ request: Request, _ context: GatewayContext, _ services: GatewayServices
    ) async throws -> Response {
        let name = try context.name("model")
        let limit = try Query(request.uri.query, keys: ["limit"]).integer("limit", in: 1...500, default: 50)
        let model = try await summary(of: name, services).model
        let models = services.models
        return .json(DriftPage(reports: try await services.blocking.run { try models.reports(of: model, limit: limit) }))
    }
}
