import Cluster
import Foundation
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1))) struct LogRouteTests {
    private static let parts = [
        LogPart(task: 0, attempt: "1.1", offset: 0, bytes: 4, text: "one\n"),
        LogPart(task: 0, attempt: "1.1", offset: 900, bytes: 4, text: "end\n"),
        LogPart(task: 3, attempt: "1.2", offset: 0, bytes: 6, text: "<b>\\u{1b}\n"),
    ]

    @Test func `logs come in pages of tasks`() async throws {
        try await RunningGateway.with { gateway in
            gateway.head.state.withLock { ($0.jobs, $0.logs) = ([FakeHead.job(1)], Self.parts) }
            let all = try await gateway.client.logs(of: 1)
            #expect(all.parts == Self.parts && all.next == nil)
            let one = try await gateway.client.logs(of: 1, task: 3)
            #expect(one.parts == [Self.parts[2]])
            let rest = try await gateway.client.logs(of: 1, after: 0)
            #expect(rest.parts == [Self.parts[2]])
            let error = await #expect(throws: ClientError.self) { _ = try await gateway.client.logs(of: 9) }
            #expect(error?.code == "E_JOB_UNKNOWN")
        }
    }

    @Test func `following yields every part and ends with the job`() async throws {
        try await RunningGateway.with { gateway in
            gateway.head.state.withLock { ($0.jobs, $0.logs) = ([FakeHead.job(1, state: "succeeded")], Self.parts) }
            var seen: [LogPart] = []
            try await gateway.client.followLogs(of: 1) { seen.append($0) }
            #expect(seen == Self.parts)
            seen = []
            try await gateway.client.followLogs(of: 1, task: 3) { seen.append($0) }
            #expect(seen == [Self.parts[2]])
        }
    }

    @Test func `a stream that ended too early is taken up again, and nothing is yielded twice`() async throws {
        try await RunningGateway.with { gateway in
            gateway.head.state.withLock { ($0.jobs, $0.logs) = ([FakeHead.job(1)], [Self.parts[0]]) }
            var seen: [LogPart] = []
            try await gateway.client.followLogs(of: 1) { part in
                seen.append(part)
                // The fake ends each stream at once; the job goes on, and then ends with more in its log.
                gateway.head.state.withLock { ($0.jobs, $0.logs) = ([FakeHead.job(1, state: "failed")], Self.parts) }
            }
            #expect(seen.first == Self.parts[0])
            #expect(Set(seen).count == seen.count)
        }
    }
}
