/// Something that changed its state, as the HTTP API shows it.
package struct EventView: Codable, Sendable, Hashable {
    /// Counts the head's events from 1, anew with each term.
    package var number: Int64
    /// Milliseconds since 1970.
    package var at: Int64
    /// What happened to what, such as `task.assigned`, `task.failed`, `job.ended` or `worker.lost`.
    package var event: String
    /// What brought it about: the code of an error, a reason to stop, the state of a job's end; nil where the event says it all.
    package var cause: String?
    package var job: Int64?
    package var task: Int32?
    /// `TERM.NUMBER`.
    package var attempt: String?
    package var worker: Int32?
    package init(
        number: Int64, at: Int64, event: String, cause: String? = nil, job: Int64? = nil, task: Int32? = nil,
        attempt: String? = nil, worker: Int32? = nil
    ) {
        (self.number, self.at, self.event, self.cause) = (number, at, event, cause)
        (self.job, self.task, self.attempt, self.worker) = (job, task, attempt, worker)
    }
}

/// Events in order. `next` goes into `after` for those that follow, now or later; it is there even when nothing has followed yet.
package struct EventsPage: Codable, Sendable, Hashable {
    package var term: Int64
    package var events: [EventView]
    package var next: Int64
    /// Events before this number are not kept any more.
    package var first: Int64
    package init(term: Int64, events: [EventView], next: Int64, first: Int64) {
        (self.term, self.events, self.next, self.first) = (term, events, next, first)
    }
}

/// Which events are asked for; what is nil is not minded.
package struct EventQuery: Sendable, Hashable {
    package var job: Int64?
    package var task: Int32?
    package var worker: Int32?
    /// Only events with higher numbers.
    package var after: Int64
    package var limit: Int
    package init(job: Int64? = nil, task: Int32? = nil, worker: Int32? = nil, after: Int64 = 0, limit: Int = 1_000) {
        (self.job, self.task, self.worker, self.after, self.limit) = (job, task, worker, after, limit)
    }
}
