import Scheduling

/// The head's durable memory: what it holds survives every crash, what was not committed does not.
struct SimulatedJournal {
    struct Job {
        var submission: JobSubmission
        /// The plan as far as it was appended.
        var appends: [[TaskBatch]] = []
        var ends: [Int32: EndedTask] = [:]
        /// In the order they were committed.
        var endOrder: [EndedTask] = []
        var isOver = false
        var wasCancelled = false
    }

    enum Record {
        case submitted(JobSubmission)
        case appended(JobID, [TaskBatch])
        case ended(EndedTask)
        case over(JobID, cancelled: Bool)
    }

    private(set) var term: Int64 = 0
    private(set) var jobs: [JobID: Job] = [:]
    private(set) var order: [JobID] = []

    mutating func raiseTerm() -> Int64 {
        term += 1
        return term
    }

    /// Writes one turn's records; returns a sentence when one of them contradicts what is written already.
    mutating func commit(_ records: [Record]) -> String? {
        for record in records {
            switch record {
            case .submitted(let submission):
                if jobs[submission.job] != nil { return "job \(submission.job) was journaled twice" }
                jobs[submission.job] = Job(submission: submission)
                order.append(submission.job)
            case .appended(let job, let batches): jobs[job]?.appends.append(batches)
            case .ended(let task):
                if let old = jobs[task.task.job]?.ends[task.task.index] {
                    return "I4/I9: task \(task.task) ended as \(old.end) and again as \(task.end)"
                }
                jobs[task.task.job]?.ends[task.task.index] = task
                jobs[task.task.job]?.endOrder.append(task)
            case .over(let job, let cancelled):
                jobs[job]?.isOver = true
                jobs[job]?.wasCancelled = cancelled
            }
        }
        return nil
    }
}
