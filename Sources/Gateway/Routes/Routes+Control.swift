import Cluster
import HTTPTypes
import Hummingbird
import Scheduling

extension Routes {
    static let control: [Route] = [
        Route(
            method: .post, path: "/v1/jobs/{id}/cancel", name: "cancelJob",
            summary: "Cancels a job; answers after that is durable. A job that has ended stays as it is.", answers: job,
            handler: { try await control(.cancel, $0, $1, $2) }),
        Route(
            method: .post, path: "/v1/jobs/{id}/pause", name: "pauseJob",
            summary: "Lets no further task of a job start until it is resumed; what runs goes on.", answers: job,
            handler: { try await control(.pause, $0, $1, $2) }),
        Route(
            method: .post, path: "/v1/jobs/{id}/resume", name: "resumeJob", summary: "Lets a paused job go on.", answers: job,
            handler: { try await control(.resume, $0, $1, $2) }),
        Route(
            method: .post, path: "/v1/jobs/{id}/tasks/{n}/cancel", name: "cancelTask",
            summary: "Cancels one task and what depends on it; one that has ended stays as it is.", answers: job,
            handler: { try await control(.cancelTask($1.number("n", as: Int32.self)), $0, $1, $2) }),
        Route(
            method: .post, path: "/v1/jobs/cancel", name: "cancelJobs", summary: "Cancels the open jobs that carry a label.",
            query: [.init(name: "label", schema: .text, summary: "KEY=VALUE.", isRequired: true)],
            answers: [.init(status: 200, summary: "The jobs that were cancelled.", content: .json("JobNumbers"))],
            handler: cancelLabelled),
        Route(
            method: .get, path: "/v1/jobs/{id}/explain", name: "explainJob", summary: "Says why tasks of an open job wait.",
            answers: [.init(status: 200, summary: "The reasons, the most binding first.", content: .json("ExplanationView"))],
            handler: explain),
    ]

    private static let job = [Route.Answer(status: 200, summary: "The job.", content: .json("JobView"))]

    private static func control(
        _ control: JobControl, _ request: Request, _ context: GatewayContext, _ services: GatewayServices
    ) async throws -> Response {
        let id = try context.jobID()
        try await request.requireNoBody(context)
        return .json(try await services.head.control(id, control))
    }

    private static func cancelLabelled(
        _ request: Request, _ context: GatewayContext, _ services: GatewayServices
    ) async throws -> Response {
        let query = try Query(request.uri.query, keys: ["label"])
        try await request.requireNoBody(context)
        guard let label = query["label"].flatMap(JobLabel.init) else {
            throw GatewayError("E_LABEL", .badRequest, "a label is given as KEY=VALUE", hint: "for example ?label=team=alpha")
        }
        return .json(JobNumbers(jobs: try await services.head.cancel(labelled: label).map(\.rawValue)))
    }

    private static func explain(
        _ request: Request, _ context: GatewayContext, _ services: GatewayServices
    ) async throws -> Response {
        _ = try Query(request.uri.query, keys: [])
        return .json(try await services.head.explain(try context.jobID()))
    }
}
