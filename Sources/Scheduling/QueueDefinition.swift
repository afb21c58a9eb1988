/// A queue that jobs draw their share from.
package struct QueueDefinition: Sendable, Hashable, Codable {
    /// The queue of jobs that name none.
    package static let standard = "default"

    package var name: String
    /// Its share against the other queues that have something to run; at least 1.
    package var weight: Int32
    /// The most that its running tasks may use together; nil leaves it all that is there. What others leave unused it may
    /// borrow up to this.
    package var quota: Resources?

    package init(name: String, weight: Int32 = 1, quota: Resources? = nil) {
        (self.name, self.weight, self.quota) = (name, weight, quota)
    }
}
