package import Scheduling

extension ProtoAttemptName {
    package init(_ attempt: TaskAttempt) {
        self.init()
        job = attempt.task.job.rawValue
        index = attempt.task.index
        term = attempt.attempt.term
        number = attempt.attempt.number
    }

    /// The attempt it names; any numbers are a name, known or not.
    package var taskAttempt: TaskAttempt {
        TaskAttempt(task: TaskID(job: JobID(job), index: index), attempt: Attempt(term: term, number: number))
    }
}
