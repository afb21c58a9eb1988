/// What a user may ask of a job that runs.
package enum JobControl: Sendable, Hashable {
    /// What has not ended is cancelled; what has finished stays.
    case cancel
    /// One task is cancelled, and what depends on it.
    case cancelTask(Int32)
    /// No task of it starts until it is resumed; what runs goes on.
    case pause
    case resume
}
