import Cluster
import Diagnostics
import Scheduling
import Specs
import Synchronization
import Testing

@Suite struct JobRouteTests {
    @Test func `a new job is created and the same key is the same job`() async throws {
        try await RunningGateway.with { gateway in
            let request = SubmitRequest(uid: "one", spec: "job: study\n", file: "a.yaml")
            let first = try await gateway.client.submit(request)
            let second = try await gateway.client.submit(request)
            #expect(first.isNew)
            #expect(!second.isNew)
            #expect(first.job == second.job)
            #expect(gateway.head.state.withLock { $0.submitted } == [request, request])
        }
    }

    @Test func `jobs come in pages, newest first`() async throws {
        try await RunningGateway.with { gateway in
            gateway.head.state.withLock { $0.jobs = (1...5).map { FakeHead.job($0, state: $0 == 1 ? "running" : "succeeded") } }
            let first = try await gateway.client.jobs(limit: 2)
            #expect(first.jobs.map(\.id) == [5, 4])
            #expect(first.next == 4)
            let second = try await gateway.client.jobs(limit: 2, before: first.next)
            #expect(second.jobs.map(\.id) == [3, 2])
            let last = try await gateway.client.jobs(limit: 2, before: second.next)
            #expect(last.jobs.map(\.id) == [1])
            #expect(last.jobs.first?.progress?.tasks == 10)
            #expect(last.next == nil)
        }
    }

    @Test func `a job is shown, cancelled and not found`() async throws {
        try await RunningGateway.with { gateway in
            gateway.head.state.withLock { $0.jobs = [FakeHead.job(1)] }
            #expect(try await gateway.client.job(1).state == "running")
            #expect(try await gateway.client.cancel(1).state == "cancelled")
            #expect(gateway.head.state.withLock { $0.controls } == [.init(job: JobID(1), control: .cancel)])
            for call in ["/v1/jobs/9", "/v1/jobs/9/tasks", "/v1/jobs/9/trials", "/v1/jobs/9/report", "/v1/jobs/9/events"] {
                let answer = try await gateway.request("GET", call)
                #expect(answer.status == 404)
                #expect(answer.codes == ["E_JOB_UNKNOWN"])
            }
            let error = await #expect(throws: ClientError.self) { try await gateway.client.cancel(9) }
            #expect(error?.code == "E_JOB_UNKNOWN")
            #expect(error?.category == .input)
        }
    }

    @Test func `tasks come in pages by index`() async throws {
        try await RunningGateway.with { gateway in
            let failed = ErrorView(code: "E_X", message: "no")
            gateway.head.state.withLock {
                $0.jobs = [FakeHead.job(1)]
                $0.tasks = (0..<5).map {
                    TaskView(index: $0, state: "failed", attempt: "1.\($0)", worker: "w", ranMicroseconds: 10, error: failed)
                }
            }
            let first = try await gateway.client.tasks(of: 1, limit: 3)
            #expect(first.tasks.map(\.index) == [0, 1, 2])
            #expect(first.next == 2)
            let second = try await gateway.client.tasks(of: 1, after: first.next, limit: 3)
            #expect(second.tasks.map(\.index) == [3, 4])
            #expect(second.tasks.first?.error == failed)
            #expect(second.next == nil)
        }
    }

    @Test func `trials and reports arrive whole, numbers without a JSON form included`() async throws {
        try await RunningGateway.with { gateway in
            let trial = TrialView(
                number: 3, state: "succeeded", parameters: ["l2": .number(0.1), "kind": .text("sign")], objective: -.infinity,
                metrics: ["sharpe": 0.1 + 0.2])
            let report = ReportView(
                job: 1, trial: 3, parameters: trial.parameters, metrics: ["sharpe": 1], times: [1, 2],
                returns: [0.25, -.infinity],
                trades: [
                    TradeView(
                        symbol: "A", entryTime: 1, exitTime: 2, entryPrice: 3, exitPrice: 4, shares: -5, pnl: 6, return: 0.7)
                ],
                deflatedSharpe: 0.5, trialsCounted: 9)
            gateway.head.state.withLock {
                $0.jobs = [FakeHead.job(1)]
                $0.trials = [trial]
                $0.reports = [-1: report, 3: report]
            }
            let trials = try await gateway.client.trials(of: 1)
            #expect(trials == [trial])
            let reports = [try await gateway.client.report(of: 1), try await gateway.client.report(of: 1, trial: 3)]
            #expect(reports == [report, report])
            let error = await #expect(throws: ClientError.self) { try await gateway.client.report(of: 1, trial: 4) }
            #expect(error?.code == "E_REPORT_UNKNOWN")
        }
    }

    @Test(arguments: [
        (DiagnosticCategory.input, 400), (.integrity, 500), (.unavailable, 503), (.refused, 409),
    ])
    func `an error's category decides the status and comes back as the same category`(
        category: DiagnosticCategory, status: Int
    ) async throws {
        try await RunningGateway.with { gateway in
            gateway.head.state.withLock { $0.failure = FakeError("E_MADE_UP", category) }
            let error = await #expect(throws: ClientError.self) {
                try await gateway.client.submit(SubmitRequest(uid: "u", spec: "s"))
            }
            #expect(error?.errors == [ErrorView(code: "E_MADE_UP", message: "made up for a test")])
            #expect(error?.status == status)
            #expect(error?.category == category)
            let answer = try await gateway.json("POST", "/v1/jobs", #"{"uid":"u","spec":"s"}"#)
            #expect((answer.headers["retry-after"] != nil) == (category == .unavailable))
        }
    }

    @Test func `all mistakes of a spec come back with their places`() async throws {
        try await RunningGateway.with { gateway in
            gateway.head.state.withLock {
                $0.failure = SpecErrors(
                    SpecError(
                        "E_SPEC_RANGE", "trials is 0", place: .text(file: "a.yaml", line: 3, column: 5), pointer: "/search/trials"
                    ),
                    [SpecError("E_SPEC_MISSING", "dataset is missing", pointer: "/dataset", hint: "name one")])
            }
            let error = await #expect(throws: ClientError.self) {
                try await gateway.client.submit(SubmitRequest(uid: "u", spec: "s"))
            }
            #expect(error?.status == 400)
            #expect(error?.errors.map(\.place) == ["a.yaml:3:5", "/dataset"])
            #expect(error?.errors.map(\.code) == ["E_SPEC_RANGE", "E_SPEC_MISSING"])
        }
    }

    @Test func `an unexpected error tells nothing about itself`() async throws {
        struct Secret: Error { var password = "hunter2" }
        try await RunningGateway.with { gateway in
            gateway.head.state.withLock { $0.failure = Secret() }
            let answer = try await gateway.json("POST", "/v1/jobs", #"{"uid":"u","spec":"s"}"#)
            #expect(answer.status == 500)
            #expect(answer.codes == ["E_INTERNAL"])
            #expect(!answer.text.contains("hunter2"))
        }
    }
}
