import Cluster
import Testing

@Suite struct EventRouteTests {
    @Test func `events are asked for by job, task and worker`() async throws {
        try await RunningGateway.with { gateway in
            let page = try await gateway.client.events(EventQuery(job: 3, task: 1, worker: 2))
            #expect(page.events.first?.job == 3 && page.events.first?.task == 1 && page.events.first?.worker == 2)
            #expect(try await gateway.client.events(EventQuery(after: page.next)).events.isEmpty)
        }
    }

    @Test(arguments: ["job=0", "task=-1", "worker=x", "after=-1", "limit=0", "limit=10001", "jobs=1"])
    func `a question that makes no sense is refused`(query: String) async throws {
        try await RunningGateway.with { gateway in
            let answer = try await gateway.request("GET", "/v1/events?\(query)")
            #expect(answer.status == 400)
        }
    }
}
