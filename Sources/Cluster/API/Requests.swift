/// Body of `POST /v1/jobs`.
package struct SubmitRequest: Codable, Sendable, Hashable {
    /// The client's idempotency key, made and kept by the client before it sends: the same key with the same spec is the
    /// same job, with another spec a conflict.
    package var uid: String
    /// The spec as YAML or JSON text.
    package var spec: String
    /// A name for error messages, never opened.
    package var file: String?
    package init(uid: String, spec: String, file: String? = nil) {
        self.uid = uid
        self.spec = spec
        self.file = file
    }
}

/// Body of `POST /v1/models/{model}/aliases/{alias}`.
package struct PromoteRequest: Codable, Sendable, Hashable {
    package var version: Int64
    package var by: String
    package var reason: String
    package init(version: Int64, by: String, reason: String) {
        self.version = version
        self.by = by
        self.reason = reason
    }
}

/// One page of jobs, newest first; `next` goes into `before` for the page after it.
package struct JobsPage: Codable, Sendable, Hashable {
    package var jobs: [JobView]
    package var next: Int64?
    package init(jobs: [JobView], next: Int64?) {
        self.jobs = jobs
        self.next = next
    }
}
