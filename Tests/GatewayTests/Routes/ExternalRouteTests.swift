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

    @Test func `a study from elsewhere is created once`() async throws {
        try await RunningGateway.with { gateway in
            let body =
                #"{"uid": "u", "spec": "job: study", "trials": [{"parameters": {"x": 1, "kind": "a"}, "metrics": {"loss": 2}}]}"#
            let first = try await post(gateway, "/v1/studies", body)
            #expect(first.0 == 201 && first.2["state"] as? String == "succeeded")
            #expect(try await post(gateway, "/v1/studies", body).0 == 200)
            let request = ImportRequest(
                uid: "u", spec: "job: study",
                trials: [ImportedTrial(parameters: ["x": .number(1), "kind": .text("a")], metrics: ["loss": 2])])
            #expect(gateway.head.state.withLock { $0.imported } == [request, request])
            #expect(try await gateway.client.importStudy(request).id == 7)
        }
    }

    @Test func `a study is shown with what its best is worth, and a job that is none is not`() async throws {
        try await RunningGateway.with { gateway in
            gateway.head.state.withLock { $0.jobs = [FakeHead.job(1)] }
            let none = try await gateway.request("GET", "/v1/jobs/1/study")
            #expect(none.status == 404 && none.codes == ["E_STUDY_UNKNOWN"])
            let study = StudyView(
                job: 1, state: "running", direction: "maximize", objective: "sharpe", trials: 3, succeeded: 2, trialsCounted: 9,
                earlierTrials: 6, parameters: [SearchedView(name: "x", scale: "linear", low: 0, high: 1)])
            gateway.head.state.withLock { $0.study = study }
            #expect(try await gateway.client.study(of: 1) == study)
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
