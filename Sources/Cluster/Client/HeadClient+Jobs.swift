import Foundation

extension HeadClient {
    /// Sends a job; `isNew` is false when its key already named the same job.
    package func submit(_ request: SubmitRequest) async throws -> (job: JobView, isNew: Bool) {
        let answer = try await post("/v1/jobs", request, as: JobView.self)
        return (answer.value, answer.status == 201)
    }

    /// Puts a study that was run elsewhere on record.
    package func importStudy(_ request: ImportRequest) async throws -> JobView {
        try await post("/v1/studies", request, as: JobView.self).value
    }

    /// Newest first.
    package func jobs(limit: Int = 50, before: Int64? = nil) async throws -> JobsPage {
        try await get("/v1/jobs?limit=\(limit)" + (before.map { "&before=\($0)" } ?? ""), as: JobsPage.self)
    }

    package func job(_ id: Int64) async throws -> JobView { try await get("/v1/jobs/\(id)", as: JobView.self) }

    package func cancel(_ id: Int64) async throws -> JobView {
        try await post("/v1/jobs/\(id)/cancel", String?.none, as: JobView.self).value
    }

    package func pause(_ id: Int64) async throws -> JobView {
        try await post("/v1/jobs/\(id)/pause", String?.none, as: JobView.self).value
    }

    package func resume(_ id: Int64) async throws -> JobView {
        try await post("/v1/jobs/\(id)/resume", String?.none, as: JobView.self).value
    }

    package func cancel(_ id: Int64, task: Int32) async throws -> JobView {
        try await post("/v1/jobs/\(id)/tasks/\(task)/cancel", String?.none, as: JobView.self).value
    }

    /// Cancels the open jobs that carry the label, and returns their numbers.
    package func cancel(labelled label: String) async throws -> [Int64] {
        let text = label.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        return try await post("/v1/jobs/cancel?label=\(text)", String?.none, as: JobNumbers.self).value.jobs
    }

    package func explain(_ id: Int64) async throws -> ExplanationView {
        try await get("/v1/jobs/\(id)/explain", as: ExplanationView.self)
    }

    /// One page of ended tasks, in order of index.
    package func tasks(of id: Int64, after: Int32? = nil, limit: Int = 200) async throws -> TasksPage {
        try await get("/v1/jobs/\(id)/tasks?limit=\(limit)" + (after.map { "&after=\($0)" } ?? ""), as: TasksPage.self)
    }

    package func trials(of id: Int64) async throws -> [TrialView] {
        try await get("/v1/jobs/\(id)/trials", as: TrialsPage.self).trials
    }

    /// What a study has found and what that is worth.
    package func study(of id: Int64) async throws -> StudyView { try await get("/v1/jobs/\(id)/study", as: StudyView.self) }

    /// The out-of-sample record of a job's best trial, or of `trial`.
    package func report(of id: Int64, trial: Int32? = nil) async throws -> ReportView {
        try await get(trial.map { "/v1/jobs/\(id)/trials/\($0)/report" } ?? "/v1/jobs/\(id)/report", as: ReportView.self)
    }
}
