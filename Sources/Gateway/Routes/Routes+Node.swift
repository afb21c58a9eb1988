import Cluster
import Diagnostics
import HTTPTypes
import Hummingbird
import NIOCore
import Scheduling

extension Routes {
    static let node: [Route] = [
        Route(
            method: .get, path: "/v1/info", name: "showHead", summary: "Shows the head itself.",
            answers: [.init(status: 200, summary: "The head.", content: .json("InfoView"))],
            handler: { _, _, services in .json(services.head.snapshot().info) }),
        Route(
            method: .get, path: "/v1/health", name: "showHealth",
            summary: "Says what the head is doing: `active`, `storeUnavailable` or, before it has taken over, `standby`.",
            answers: [.init(status: 200, summary: "What it is doing.", content: .json("HealthView"))],
            handler: { _, _, services in
                .json(HealthView(status: services.head.snapshot().isStoreAvailable ? "active" : "storeUnavailable"))
            }),
        Route(
            method: .get, path: "/v1/health/live", name: "isLive", summary: "Answers as long as the process serves requests.",
            answers: [.init(status: 200, summary: "It does.", content: .json("HealthView"))],
            handler: { _, _, _ in .json(HealthView(status: "live")) }),
        Route(
            method: .get, path: "/v1/health/ready", name: "isReady",
            summary: "Answers 200 when the store answers, so that jobs can be accepted; 503 otherwise.",
            answers: [.init(status: 200, summary: "Jobs can be submitted.", content: .json("HealthView"))], handler: ready),
        Route(
            method: .get, path: "/v1/openapi.json", name: "showDocument", summary: "This document.",
            answers: [.init(status: 200, summary: "OpenAPI 3.1.", content: .init(type: "application/json", schema: .object))],
            handler: { _, _, _ in .json(OpenAPIDocument.document) }),
        Route(
            method: .get, path: "/metrics", name: "showMetrics", summary: "Metrics in the Prometheus text format.",
            answers: [.init(status: 200, summary: "The metrics.", content: .init(type: "text/plain", schema: .text))],
            handler: metrics),
    ]

    private static func ready(_ request: Request, _ context: GatewayContext, _ services: GatewayServices) async throws -> Response
    {
        let jobs = services.jobs
        do {
            _ = try await services.blocking.run { try jobs.jobs(limit: 1, before: nil) }
        } catch let error as any DiagnosticError {
            throw GatewayError(
                "E_NOT_READY", .serviceUnavailable, "the store does not answer: \(error.code)", category: .unavailable)
        }
        return .json(HealthView(status: "ready"))
    }

    private static func metrics(
        _ request: Request, _ context: GatewayContext, _ services: GatewayServices
    ) async throws -> Response {
        let text = PrometheusText.render(services.head.snapshot(), requests: services.requests.all())
        return Response(
            status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
            body: .init(byteBuffer: ByteBuffer(string: text)))
    }
}
