import Cluster
import HTTPTypes
import Hummingbird
import Scheduling

extension Routes {
    static let workers: [Route] = [
        Route(
            method: .get, path: "/v1/workers", name: "listWorkers", summary: "Lists the connected workers.",
            answers: [.init(status: 200, summary: "All workers.", content: .json("WorkersPage"))], handler: listWorkers),
        Route(
            method: .post, path: "/v1/workers/{id}/drain", name: "drainWorker",
            summary: "Lets a worker finish what it runs and gives it nothing more.",
            answers: [.init(status: 200, summary: "The worker.", content: .json("WorkerView"))], handler: drain),
    ]

    private static func listWorkers(
        _ request: Request, _ context: GatewayContext, _ services: GatewayServices
    ) async throws -> Response {
        _ = try Query(request.uri.query, keys: [])
        return .json(WorkersPage(workers: services.head.snapshot().workers.sorted { $0.id < $1.id }))
    }

    private static func drain(_ request: Request, _ context: GatewayContext, _ services: GatewayServices) async throws -> Response
    {
        let id = try context.number("id", as: Int32.self)
        try await request.requireNoBody(context)
        // An idle worker may be gone by the time the drain is answered.
        let before = services.head.snapshot().workers.first { $0.id == id }
        try await services.head.drain(WorkerID(id))
        guard var worker = services.head.snapshot().workers.first(where: { $0.id == id }) ?? before else {
            throw GatewayError.unknown("worker", "\(id)")
        }
        worker.draining = true
        return .json(worker)
    }
}
