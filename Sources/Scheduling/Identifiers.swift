/// Names a job within one head's store; given in order of submission, starting at 1.
package struct JobID: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
    package let rawValue: Int64
    package init(_ rawValue: Int64) { self.rawValue = rawValue }
    package static func < (a: JobID, b: JobID) -> Bool { a.rawValue < b.rawValue }
    package var description: String { "\(rawValue)" }
}

/// Names a task: its job and its index in the job's plan. The plan is a function of the spec, so the index means the
/// same after a restart.
package struct TaskID: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
    package let job: JobID
    package let index: Int32
    package init(job: JobID, index: Int32) { (self.job, self.index) = (job, index) }
    package static func < (a: TaskID, b: TaskID) -> Bool { (a.job, a.index) < (b.job, b.index) }
    package var description: String { "\(job)/\(index)" }
}

/// Names a worker process within one term of the head. The same process keeps its number when it registers again.
package struct WorkerID: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let rawValue: Int32
    package init(_ rawValue: Int32) { self.rawValue = rawValue }
    package static func < (a: WorkerID, b: WorkerID) -> Bool { a.rawValue < b.rawValue }
    package var description: String { "\(rawValue)" }
}

/// Names one run of a task. Terms are raised durably before a head assigns anything and numbers are never reused within
/// a term, so two attempts of a task never share a name, whatever crashed in between.
package struct Attempt: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
    package let term: Int64
    package let number: Int64
    package init(term: Int64, number: Int64) { (self.term, self.number) = (term, number) }
    package static func < (a: Attempt, b: Attempt) -> Bool { (a.term, a.number) < (b.term, b.number) }
    package var description: String { "\(term).\(number)" }
}

/// One run of one task, the unit that assignments, reports and fences speak of.
package struct TaskAttempt: Hashable, Sendable, Codable, CustomStringConvertible {
    package let task: TaskID
    package let attempt: Attempt
    package init(task: TaskID, attempt: Attempt) { (self.task, self.attempt) = (task, attempt) }
    package var description: String { "\(task)@\(attempt)" }
}
