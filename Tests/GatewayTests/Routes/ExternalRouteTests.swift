import Cluster
import Foundation
import Synchronization
import Testing

@Suite struct ExternalRouteTests {
    private func post(_ gateway: RunningGateway, _ target: String, _ body: String) async throws -> (Int, [String], [String: Any])
    {
        let answer = try await gateway.request(
            "POST", target, headers: ["Content-Type: application/json"], body: body)
        let object = try JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any]
        return (answer.status, answer.codes, object ?? [:])
    }

    @Test func `trials are asked for and told`() async throws {
        try await RunningGateway.with { gateway in
            gateway.head.state.withLock { $0.jobs = [FakeHead.job(1)] }
            let asked = try await post(gateway, "/v1/jobs/1/trials/ask", #"{"holder": "me", "count": 2}"#)
            #expect(asked.0 == 200 && asked.2["state"] as? String == "running" && asked.2["leaseMilliseconds"] as? Int == 60_000)
            let trial = try #require((asked.2["trials"] as? [[String: Any]])?.first)
            #expect(trial["number"] as? Int == 4 && trial["attempt"] as? String == "3.1")
            #expect((trial["parameters"] as? [String: Any])?["kind"] as? String == "a")
            let told = try await post(
                gateway, "/v1/jobs/1/trials/tell", #"{"tells": [{"number": 4, "attempt": "3.1", "metrics": {"loss": 0.5}}]}"#)
            #expect(told.0 == 200 && told.2["taken"] as? Int == 1)
            #expect(gateway.head.state.withLock { $0.asked } == [AskRequest(holder: "me", count: 2)])
            #expect(
                gateway.head.state.withLock { $0.told } == [
                    TellRequest(tells: [Tell(number: 4, attempt: "3.1", metrics: ["loss": 0.5])])
                ])
        }
    }

    @Test func `what is late is a conflict, and what makes no sense is told with its place`() async throws {
        try await RunningGateway.with { gateway in
            gateway.head.state.withLock { $0.jobs = [FakeHead.job(1)] }
            let late = try await post(gateway, "/v1/jobs/1/trials/tell", #"{"tells": [{"number": 4, "attempt": "2.1"}]}"#)
            #expect(late.0 == 409 && late.1 == ["E_TRIAL_FENCED"])
            #expect(try await post(gateway, "/v1/jobs/9/trials/ask", "{}").1 == ["E_JOB_UNKNOWN"])
            #expect(try await post(gateway, "/v1/jobs/1/trials/ask", #"{"counts": 1}"#).1 == ["E_JSON_KEY"])
            #expect(try await post(gateway, "/v1/jobs/1/trials/tell", #"{"tells": [{"number": 4}]}"#).1 == ["E_JSON_SHAPE"])
            #expect(
                try await post(gateway, "/v1/jobs/1/trials/tell", #"{"tells": [{"number": 9e9, "attempt": "1.1"}]}"#).1
                    == ["E_JSON_SHAPE"])
        }
    }
}
