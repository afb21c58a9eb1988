package import Scheduling
import Wire

extension Head {
    package func logs(of job: JobID, task: Int32?, after: Int32, limit: Int) throws -> LogsPage {
        let found = outputs.store.log(of: job, task: task, after: after, limit: limit)
        return LogsPage(parts: found.parts, next: found.next)
    }

    package func followLogs(of job: JobID, task: Int32?) -> AsyncStream<LogPart> {
        let changes = follow(job)
        let journal = stores.journal
        // Ends with the job, or with the one task that is asked for.
        let isOver = AsyncStream<Void>(bufferingPolicy: .bufferingNewest(1)) { continuation in
            let watch = Task { @concurrent in
                for await _ in changes {
                    if let task, (try? journal.task(TaskID(job: job, index: task))) != nil { break }
                }
                continuation.finish()
            }
            continuation.onTermination = { _ in watch.cancel() }
        }
        return outputs.follow(job, task: task, until: isOver)
    }
}
