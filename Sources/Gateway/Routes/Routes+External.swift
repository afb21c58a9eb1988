import Cluster
import HTTPTypes
import Hummingbird
import Scheduling

extension Routes {
    static let external: [Route] = [
        Route(
            method: .post, path: "/v1/studies", name: "importStudy",
            summary: """
                Puts a study that was run elsewhere on record, as a job that has ended. The spec is a study with an external objective \
                and as many trials as are given.
                """, body: .json("ImportRequest"),
            answers: [
                .init(status: 201, summary: "The study is on record.", content: .json("JobView")),
                .init(status: 200, summary: "The uid already names this job.", content: .json("JobView")),
            ], handler: importStudy),
        Route(
            method: .post, path: "/v1/jobs/{id}/trials/ask", name: "askTrials",
            summary: """
                Takes trials of a study whose objective is external. Each is the taker's for the length of a lease, under an attempt \
                that its result must name.
                """, body: .json("AskRequest"),
            answers: [
                .init(status: 200, summary: "The trials; none when there is none to be had now.", content: .json("AskView"))
            ],
            handler: ask),
        Route(
            method: .post, path: "/v1/jobs/{id}/trials/tell", name: "tellTrials",
            summary: """
                Tells what came of trials; answers after that is durable. What names an attempt that is not the trial's current one \
                changes nothing and is listed; when nothing was taken, the answer is the first reason (409 E_TRIAL_FENCED). A tell \
                that is repeated is taken again and changes nothing. With neither metrics nor an error it renews the lease.
                """, body: .json("TellRequest"),
            answers: [.init(status: 200, summary: "How many were taken, and those that were not.", content: .json("TellView"))],
            handler: tell),
    ]

    private static func importStudy(
        _ request: Request, _ context: GatewayContext, _ services: GatewayServices
    ) async throws -> Response {
        let body = try await request.json(
            ImportRequest.self, keys: ["uid", "spec", "trials"], configuration: services.configuration, context: context)
        let accepted = try await services.head.importStudy(body)
        return .json(accepted.view, status: accepted.isNew ? .created : .ok)
    }

    private static func ask(_ request: Request, _ context: GatewayContext, _ services: GatewayServices) async throws -> Response {
        let id = try context.jobID()
        let body = try await request.json(
            AskRequest.self, keys: ["holder", "count"], configuration: services.configuration, context: context)
        return .json(try await services.head.ask(id, body))
    }

    private static func tell(_ request: Request, _ context: GatewayContext, _ services: GatewayServices) async throws -> Response
    {
        let id = try context.jobID()
        let body = try await request.json(
            TellRequest.self, keys: ["tells"], configuration: services.configuration, context: context)
        return .json(try await services.head.tell(id, body))
    }
}
