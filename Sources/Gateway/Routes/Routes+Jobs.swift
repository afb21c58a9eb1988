import Cluster
import HTTPTypes
import Hummingbird
import MarketData
import Scheduling
import Specs

extension Routes {
    static let jobs: [Route] = [
        Route(
            method: .post, path: "/v1/jobs", name: "submitJob",
            summary: "Submits a job. The same uid with the same spec is the same job; with another spec it is a conflict (409).",
            body: .json("SubmitRequest"),
            answers: [
                .init(status: 201, summary: "The job was accepted and is durable.", content: .json("JobView")),
                .init(status: 200, summary: "The uid already names this job.", content: .json("JobView")),
            ],
            handler: submit),
        Route(
            method: .post, path: "/v1/jobs/run", name: "runJob",
            summary: "Submits a job and follows it to its end, as submitJob and then followJob, in one request.",
            body: .json("SubmitRequest"),
            answers: [
                .init(
                    status: 201, summary: "The job was accepted and is durable; its stream follows.",
                    content: .init(type: "text/event-stream", schema: .text)),
                .init(
                    status: 200, summary: "The uid already names this job; its stream follows.",
                    content: .init(type: "text/event-stream", schema: .text)),
            ],
            handler: run),
        Route(
            method: .get, path: "/v1/jobs", name: "listJobs", summary: "Lists jobs, newest first.",
            query: [
                .init(name: "limit", schema: .integer(1, 500), summary: "Jobs on the page, 50 by default."),
                .init(name: "before", schema: .integer(1, .max), summary: "The `next` of the page before."),
            ],
            answers: [.init(status: 200, summary: "One page.", content: .json("JobsPage"))], handler: list),
        Route(
            method: .get, path: "/v1/jobs/{id}", name: "showJob", summary: "Shows a job with its progress or its result.",
            answers: [.init(status: 200, summary: "The job.", content: .json("JobView"))], handler: show),
        Route(
            method: .get, path: "/v1/jobs/{id}/events", name: "followJob",
            summary:
                "Follows a job by server-sent events: `event: job` with a JobView whenever it changed, until its end.",
            answers: [
                .init(
                    status: 200, summary: "The stream; comment lines are heartbeats.",
                    content: .init(type: "text/event-stream", schema: .text))
            ],
            handler: JobEvents.follow),
        Route(
            method: .get, path: "/v1/jobs/{id}/tasks", name: "listTasks", summary: "Lists ended tasks in order of index.",
            query: [
                .init(name: "limit", schema: .integer(1, 1000), summary: "Tasks on the page, 200 by default."),
                .init(name: "after", schema: .integer(0, Int64(Int32.max)), summary: "The `next` of the page before."),
            ],
            answers: [.init(status: 200, summary: "One page.", content: .json("TasksPage"))], handler: tasks),
        Route(
            method: .get, path: "/v1/jobs/{id}/trials", name: "listTrials",
            summary: "Lists the trials of a study in order of number.",
            answers: [.init(status: 200, summary: "All trials.", content: .json("TrialsPage"))], handler: trials),
        Route(
            method: .get, path: "/v1/jobs/{id}/study", name: "showStudy",
            summary: "Shows what a study has found and what that is worth: overfitting, importance, plateau.",
            answers: [.init(status: 200, summary: "The study.", content: .json("StudyView"))], handler: study),
        Route(
            method: .get, path: "/v1/jobs/{id}/report", name: "showReport",
            summary: "Shows the out-of-sample record of a backtest or of a study's best trial.",
            answers: [.init(status: 200, summary: "The report.", content: .json("ReportView"))],
            handler: { try await report($0, $1, $2, trial: nil) }),
        Route(
            method: .get, path: "/v1/jobs/{id}/trials/{n}/report", name: "showTrialReport",
            summary: "Shows the out-of-sample record of one trial.",
            answers: [.init(status: 200, summary: "The report.", content: .json("ReportView"))],
            handler: { try await report($0, $1, $2, trial: $1.number("n", as: Int32.self)) }),
    ]

    private static func submit(
        _ request: Request, _ context: GatewayContext, _ services: GatewayServices
    ) async throws -> Response {
        let accepted = try await accept(request, context, services)
        return .json(accepted.view, status: accepted.status, headers: [.location: accepted.location])
    }

    private static func run(
        _ request: Request, _ context: GatewayContext, _ services: GatewayServices
    ) async throws -> Response {
        let accepted = try await accept(request, context, services)
        var response = try JobEvents.stream(
            of: accepted.view, services.head.follow(JobID(accepted.view.id)), context, services)
        response.status = accepted.status
        response.headers[.location] = accepted.location
        return response
    }

    private static func accept(
        _ request: Request, _ context: GatewayContext, _ services: GatewayServices
    ) async throws -> AcceptedJob {
        let body = try await request.json(
            SubmitRequest.self, keys: ["uid", "spec", "file"], configuration: services.configuration, context: context)
        return try await services.head.submit(body)
    }

    private static func list(_ request: Request, _ context: GatewayContext, _ services: GatewayServices) async throws -> Response
    {
        let query = try Query(request.uri.query, keys: ["limit", "before"])
        let limit = try query.integer("limit", in: 1...500, default: 50)
        let before = try query.integer("before", in: 1...Int64.max).map { JobID($0) }
        let (head, jobs) = (services.head, services.jobs)
        let page = try await services.blocking.run {
            let open = head.snapshot().jobs
            // One more than asked for tells whether there is a next page.
            let found = try jobs.jobs(limit: limit + 1, before: before)
            let views = found.prefix(limit).map { $0.end == nil ? open[$0.record.id] ?? JobView($0) : JobView($0) }
            return JobsPage(jobs: views, next: found.count > limit ? views.last?.id : nil)
        }
        return .json(page)
    }

    private static func show(_ request: Request, _ context: GatewayContext, _ services: GatewayServices) async throws -> Response
    {
        _ = try Query(request.uri.query, keys: [])
        var view = try await view(of: context.jobID(), services)
        if let dataset = view.dataset {
            let (job, jobs, catalogue) = (JobID(view.id), services.jobs, services.catalogue)
            view.newerDataset = try await services.blocking.run {
                // What cannot be told is not worth an error of its own.
                guard let record = try? jobs.job(job)?.record, let spec = try? JobSpec.parse(text: record.spec, file: nil),
                    let name = spec.dataset?.name, let entry = try? catalogue.resolve(name: name), entry.sha256 != dataset
                else { return nil }
                return entry.sha256
            }
        }
        return .json(view)
    }

    /// Throws `E_JOB_UNKNOWN`.
    static func view(of id: JobID, _ services: GatewayServices) async throws -> JobView {
        let head = services.head
        guard let view = try await services.blocking.run({ try head.view(of: id) }) else {
            throw GatewayError.unknown("job", "\(id)")
        }
        return view
    }

    private static func tasks(_ request: Request, _ context: GatewayContext, _ services: GatewayServices) async throws -> Response
    {
        let id = try context.jobID()
        let query = try Query(request.uri.query, keys: ["limit", "after"])
        let limit = try query.integer("limit", in: 1...1000, default: 200)
        let after = try query.integer("after", in: 0...Int32.max) ?? -1
        _ = try await view(of: id, services)
        let head = services.head
        let found = try await services.blocking.run { try head.tasks(of: id, after: after, limit: limit + 1) }
        let page = Array(found.prefix(limit))
        return .json(TasksPage(tasks: page, next: found.count > limit ? page.last?.index : nil))
    }

    private static func trials(
        _ request: Request, _ context: GatewayContext, _ services: GatewayServices
    ) async throws -> Response {
        let id = try context.jobID()
        _ = try await view(of: id, services)
        let head = services.head
        return .json(TrialsPage(trials: try await services.blocking.run { try head.trials(of: id) }))
    }

    private static func study(
        _ request: Request, _ context: GatewayContext, _ services: GatewayServices
    ) async throws -> Response {
        let id = try context.jobID()
        _ = try Query(request.uri.query, keys: [])
        _ = try await view(of: id, services)
        let head = services.head
        guard let study = try await services.blocking.run({ try head.study(id) }) else {
            throw GatewayError(
                "E_STUDY_UNKNOWN", .notFound, "job \(id) is no study", hint: "studies have trials; see /v1/jobs/\(id)")
        }
        return .json(study)
    }

    private static func report(
        _ request: Request, _ context: GatewayContext, _ services: GatewayServices, trial: Int32?
    ) async throws -> Response {
        let id = try context.jobID()
        _ = try await view(of: id, services)
        let head = services.head
        guard let report = try await services.blocking.run({ try head.report(of: id, trial: trial) }) else {
            throw GatewayError(
                "E_REPORT_UNKNOWN", .notFound,
                trial.map { "job \(id) has no report of trial \($0)" } ?? "job \(id) has no report",
                hint: "reports exist for trials that succeeded and for backtests")
        }
        return .json(report)
    }
}

extension AcceptedJob {
    fileprivate var status: HTTPResponse.Status { isNew ? .created : .ok }
    fileprivate var location: String { "/v1/jobs/\(view.id)" }
}
