import Scheduling

extension JobSummary {
    /// Reads a row of `jobs`.
    init(row: SQLRow) throws {
        let record = JobRecord(
            id: JobID(try row.int("id")), uid: try row.text("uid"), name: try row.text("name"), kind: try row.text("kind"),
            spec: try row.text("spec"), specHash: try row.text("spec_hash"), dataset: try row.optionalText("dataset"),
            priority: try row.int32("priority"), submittedAt: try row.int("submitted_at"),
            after: try row.text("after_jobs").split(separator: " ").compactMap { Int64($0) }.map(JobID.init),
            earlierTrials: Int(try row.int("earlier_trials")))
        let end = try row.optionalText("state").map { state in
            JobEnd(
                state: state, endedAt: try row.int("ended_at"), result: try row.text("result"),
                errorCode: try row.optionalText("error_code"), errorMessage: try row.optionalText("error_message"))
        }
        self.init(record: record, end: end, isPaused: try row.int("paused") != 0)
    }
}

extension TaskRecord {
    /// Reads a row of `tasks`.
    init(row: SQLRow) throws {
        let task = TaskID(job: JobID(try row.int("job")), index: try row.int32("idx"))
        let state = try row.text("state")
        guard let end = TaskEnd(rawValue: state) else {
            throw StoreError(.corrupt, "task \(task) has the state \(state), which does not exist")
        }
        let term = try row.optionalInt("attempt_term")
        let number = try row.optionalInt("attempt_number")
        let attempt: Attempt? = if let term, let number { Attempt(term: term, number: number) } else { nil }
        self.init(
            task: task, end: end, attempt: attempt, worker: try row.text("worker"), ranMicroseconds: try row.int("ran_us"),
            result: try row.blob("result"), errorCode: try row.optionalText("error_code"),
            errorMessage: try row.optionalText("error_message"))
    }
}

extension TrialRecord {
    /// Reads a row of `trials`.
    init(row: SQLRow) throws {
        self.init(
            job: JobID(try row.int("job")), number: try row.int32("number"), state: try row.text("state"),
            parameters: try row.text("parameters"), objective: try row.optionalDouble("objective"),
            metrics: try row.text("metrics"), errorCode: try row.optionalText("error_code"),
            errorMessage: try row.optionalText("error_message"))
        steps = try row.optionalInt("steps").map(Int32.init(clamping:))
        reason = try row.optionalText("reason")
    }
}

extension EndedRange {
    /// Reads a row of `task_ranges`.
    init(row: SQLRow) throws {
        let (first, count, state) = (try row.int32("first"), try row.int32("tasks"), try row.text("state"))
        let after = first.addingReportingOverflow(count)
        guard first >= 0, count > 0, !after.overflow, let end = TaskEnd(rawValue: state) else {
            throw StoreError(.corrupt, "a range of tasks begins at \(first) and has \(count) in state \(state)")
        }
        self.init(first..<after.partialValue, end)
    }
}
