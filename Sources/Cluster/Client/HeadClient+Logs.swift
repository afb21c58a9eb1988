import Diagnostics

extension HeadClient {
    /// One page of what is kept of the job's output, in order of task.
    package func logs(of id: Int64, task: Int32? = nil, after: Int32? = nil) async throws -> LogsPage {
        let query = [task.map { "task=\($0)" }, after.map { "after=\($0)" }].compactMap { $0 }.joined(separator: "&")
        return try await get("/v1/jobs/\(id)/logs" + (query.isEmpty ? "" : "?\(query)"), as: LogsPage.self)
    }

    /// What the attempts of the job, or of one task, have written and go on to write, until the end. A lost connection is
    /// made again, and what was seen is not yielded twice; only after `patience` without an answer does it throw
    /// `E_HEAD_UNREACHABLE`.
    package func followLogs(
        of id: Int64, task: Int32? = nil, patience: Duration = .seconds(60), yield: (LogPart) -> Void
    ) async throws {
        let path = "/v1/jobs/\(id)/logs/events" + (task.map { "?task=\($0)" } ?? "")
        let clock = ContinuousClock()
        var lastAnswer = clock.now
        var delay = Duration.milliseconds(100)
        var seen: [String: Int64] = [:]
        while true {
            do {
                _ = try await readEvents(path, named: "log", as: LogPart.self) { part in
                    (lastAnswer, delay) = (clock.now, .milliseconds(100))
                    let name = "\(part.task)@\(part.attempt)"
                    let end = part.offset + part.bytes
                    // Shown in part or not: pieces are cut in the same places, so whole ones are skipped.
                    guard end > seen[name] ?? 0 else { return false }
                    seen[name] = end
                    yield(part)
                    return false
                }
                lastAnswer = clock.now
                if try await isOver(id, task: task) { return }
            } catch let error as ClientError where error.category == .unavailable {
                if clock.now - lastAnswer > patience { throw error }
            }
            try await Task.sleep(for: delay)
            delay = min(delay * 2, .seconds(2))
        }
    }

    private func isOver(_ id: Int64, task: Int32?) async throws -> Bool {
        if try await job(id).hasEnded { return true }
        guard let task else { return false }
        let page = try await tasks(of: id, after: task == 0 ? nil : task - 1, limit: 1)
        return page.tasks.first?.index == task
    }
}
