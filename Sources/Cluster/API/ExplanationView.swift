package import Scheduling

/// Why a job's tasks wait, as the HTTP API shows it.
package struct ExplanationView: Codable, Sendable, Hashable {
    package struct Reason: Codable, Sendable, Hashable {
        /// A stable word: `recovering`, `paused`, `jobs`, `runningLimit`, `noWorkers`, `noSuchLabels`, `tooLarge`, `tooFew`, `gang`,
        /// `quota`, `noRoom`, `taken`, `behind`, `tasks` or `backoff`.
        package var reason: String
        /// One sentence with the numbers.
        package var message: String
        /// What would have to change, when somebody could change it.
        package var hint: String?
    }

    package var job: Int64
    /// Ready to run, or in backoff.
    package var waiting: Int
    /// Waiting for tasks of the same job.
    package var blocked: Int
    /// On workers: running there or next in line.
    package var assigned: Int
    /// The most binding first; empty when nothing waits.
    package var reasons: [Reason]

    package init(_ id: JobID, _ explanation: Explanation) {
        job = id.rawValue
        (waiting, blocked, assigned) = (explanation.counts.waiting, explanation.counts.blocked, explanation.counts.assigned)
        reasons = explanation.reasons.map { Reason($0, job: id) }
    }
}

extension ExplanationView.Reason {
    package init(_ why: WaitingReason, job: JobID) {
        switch why {
        case .recovering(let milliseconds):
            self.init(
                reason: "recovering",
                message: "the head has just started and listens \(milliseconds) ms more for what workers run")
        case .paused:
            self.init(reason: "paused", message: "the job is paused", hint: "bellwether job resume \(job)")
        case .jobs:
            self.init(reason: "jobs", message: "the job waits for the jobs that it depends on")
        case .runningLimit(let limit):
            self.init(
                reason: "runningLimit", message: "\(limit) of its tasks are on workers, which is its own limit (maxRunning)",
                hint: "submit it with a higher maxRunning")
        case .noWorkers:
            self.init(
                reason: "noWorkers", message: "no worker takes tasks", hint: "start one: bellwether-worker --head tcp://HOST:PORT"
            )
        case .noSuchLabels(let conditions):
            self.init(
                reason: "noSuchLabels",
                message: "no worker has the labels \(conditions.map(\.description).joined(separator: ", "))",
                hint: "start a worker with them: bellwether-worker --label KEY=VALUE")
        case .tooLarge(let asked, let best, let capacity):
            self.init(
                reason: "tooLarge",
                message:
                    "a task asks for \(asked); the best worker, \(best), has \(capacity) in all: too little "
                    + asked.shortageNames(in: capacity),
                hint: "ask for less, or start a larger worker")
        case .tooFew(let members, let slots):
            self.init(
                reason: "tooFew", message: "\(members) of its tasks start together; the workers have room for \(slots) in all",
                hint: "start more workers")
        case .gang(let members, let slots):
            self.init(
                reason: "gang", message: "\(members) of its tasks start together; there is room for \(slots) now",
                hint: "wait, or start more workers")
        case .quota(let queue, let quota, let inUse):
            self.init(
                reason: "quota", message: "queue \(queue) uses \(inUse) of its quota of \(quota)",
                hint: "wait, raise the queue's quota, or submit to another queue")
        case .noRoom(let asked, let workers, let closest, let free):
            self.init(
                reason: "noRoom",
                message:
                    "a task asks for \(asked); of \(workers) workers that are large enough none has that free now: closest is "
                    + "worker \(closest) with \(free), which lacks \(asked.shortageNames(in: free))",
                hint: "wait, or start more workers")
        case .taken(let workers):
            self.init(
                reason: "taken",
                message: "\(workers) workers are large enough, but where there is room now other tasks wait for it already",
                hint: "wait, or start more workers")
        case .behind(let tasks, let jobs):
            self.init(
                reason: "behind", message: "\(tasks) tasks of \(jobs) other jobs go first in its queue",
                hint: "a higher priority or an earlier finishBefore goes first")
        case .tasks(let count):
            self.init(reason: "tasks", message: "\(count) tasks wait for other tasks of the job")
        case .backoff(let count):
            self.init(reason: "backoff", message: "\(count) tasks wait for the delay after a failed attempt")
        }
    }
}
