/// The scheduler's fixed numbers.
package struct SchedulerConfiguration: Sendable, Hashable {
    /// The term of this head; part of every attempt it names.
    package var term: Int64
    /// A worker silent for this long has lost its lease.
    package var leaseMilliseconds: Int64 = 6_000
    /// After a restart: how long to wait for workers to register before tasks they may hold are assigned again.
    package var recoveryGraceMilliseconds: Int64 = 0
    /// Worker deaths after which a task is quarantined.
    package var deathsToQuarantine: Int32 = 3
    /// The queues with a weight or a quota of their own.
    package var queues: [QueueDefinition] = []
    /// Tasks a worker is given ahead of need: as many as its cores finish in this time, by the job's mean run time so far.
    package var prefillMilliseconds: Int64 = 50
    /// The most tasks waiting on one worker per slot.
    package var prefillLimit: Int32 = 256
    /// How long a worker may take to report an attempt it was told to stop for its timeout before the attempt is abandoned.
    package var stopGraceMilliseconds: Int64 = 15_000
    /// The most tasks one job may hold; what a plan appends beyond them is ignored.
    package var tasksPerJobLimit: Int32 = 16_777_216
    package init(term: Int64) { self.term = term }

    /// The same with every number inside the range in which it makes sense, so that no sum of them overflows.
    func clamped() -> SchedulerConfiguration {
        var copy = self
        copy.leaseMilliseconds = min(max(leaseMilliseconds, 1), RetryPolicy.longestDelayMilliseconds)
        copy.recoveryGraceMilliseconds = min(max(recoveryGraceMilliseconds, 0), RetryPolicy.longestDelayMilliseconds)
        copy.stopGraceMilliseconds = min(max(stopGraceMilliseconds, 0), RetryPolicy.longestDelayMilliseconds)
        copy.deathsToQuarantine = min(max(deathsToQuarantine, 1), 1_000)
        copy.prefillMilliseconds = min(max(prefillMilliseconds, 0), 3_600_000)
        copy.prefillLimit = min(max(prefillLimit, 0), 65_536)
        copy.tasksPerJobLimit = max(tasksPerJobLimit, 0)
        return copy
    }
}
