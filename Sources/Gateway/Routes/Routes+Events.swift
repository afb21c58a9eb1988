import Cluster
import HTTPTypes
import Hummingbird

extension Routes {
    static let events: [Route] = [
        Route(
            method: .get, path: "/v1/events", name: "listEvents",
            summary:
                "Lists what changed its state and why, oldest first, among the latest 100,000 changes since the head started.",
            query: [
                .init(name: "job", schema: .integer(1, .max), summary: "Only what happened to this job and its tasks."),
                .init(name: "task", schema: .integer(0, Int64(Int32.max)), summary: "Only what happened to tasks of this index."),
                .init(name: "worker", schema: .integer(0, Int64(Int32.max)), summary: "Only what happened on this worker."),
                .init(name: "after", schema: .integer(0, .max), summary: "The `next` of the page before."),
                .init(name: "limit", schema: .integer(1, 10_000), summary: "Events on the page, 1,000 by default."),
            ],
            answers: [.init(status: 200, summary: "One page.", content: .json("EventsPage"))], handler: listEvents)
    ]

    private static func listEvents(
        _ request: Request, _ context: GatewayContext, _ services: GatewayServices
    ) async throws -> Response {
        let query = try Query(request.uri.query, keys: ["job", "task", "worker", "after", "limit"])
        let asked = EventQuery(
            job: try query.integer("job", in: 1...Int64.max), task: try query.integer("task", in: 0...Int32.max),
            worker: try query.integer("worker", in: 0...Int32.max), after: try query.integer("after", in: 0...Int64.max - 1) ?? 0,
            limit: try query.integer("limit", in: 1...10_000, default: 1_000))
        return .json(services.head.events(asked))
    }
}
