import Cluster
import HTTPTypes
import Hummingbird
import Scheduling

extension Routes {
    private static let taskKey = Route.QueryKey(
        name: "task", schema: .integer(0, Int64(Int32.max)), summary: "Only what this task wrote.")

    static let logs: [Route] = [
        Route(
            method: .get, path: "/v1/jobs/{id}/logs", name: "showLogs",
            summary: "Shows what is kept of what the attempts of a job wrote: the first and the last part of each.",
            query: [
                taskKey, .init(name: "limit", schema: .integer(1, 100), summary: "Tasks on the page, 20 by default."),
                .init(name: "after", schema: .integer(0, Int64(Int32.max)), summary: "The `next` of the page before."),
            ],
            answers: [.init(status: 200, summary: "One page.", content: .json("LogsPage"))], handler: showLogs),
        Route(
            method: .get, path: "/v1/jobs/{id}/logs/events", name: "followLogs",
            summary:
                "Follows what the attempts of a job write by server-sent events: `event: log` with a LogPart, first for what is kept, "
                + "until the job's end, or the task's.",
            query: [taskKey],
            answers: [
                .init(
                    status: 200, summary: "The stream; comment lines are heartbeats.",
                    content: .init(type: "text/event-stream", schema: .text))
            ],
            handler: followLogs),
    ]

    private static func showLogs(
        _ request: Request, _ context: GatewayContext, _ services: GatewayServices
    ) async throws -> Response {
        let id = try context.jobID()
        let query = try Query(request.uri.query, keys: ["task", "limit", "after"])
        let task = try query.integer("task", in: 0...Int32.max)
        let limit = try query.integer("limit", in: 1...100, default: 20)
        let after = try query.integer("after", in: 0...Int32.max) ?? -1
        _ = try await view(of: id, services)
        let head = services.head
        return .json(try await services.blocking.run { try head.logs(of: id, task: task, after: after, limit: limit) })
    }

    private static func followLogs(
        _ request: Request, _ context: GatewayContext, _ services: GatewayServices
    ) async throws -> Response {
        let id = try context.jobID()
        let task = try Query(request.uri.query, keys: ["task"]).integer("task", in: 0...Int32.max)
        _ = try await view(of: id, services)
        return try EventStream.response(services.head.followLogs(of: id, task: task), named: "log", context, services)
    }
}
