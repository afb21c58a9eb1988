import Scheduling

/// What the loop keeps while the store is away: turns whose records are not durable yet, in order, and the workers whose
/// results it did not take.
///
/// It stays small however long it lasts: results are left with their workers, so all that is added are the consequences of
/// time (a task out of retries, a lease that ended) and commands for workers.
struct Outage {
    /// The turn that is being committed.
    var inFlight: Turn
    /// Everything since, as one turn.
    var waiting = Turn()
    /// Workers that hold results which were told in vain: they are asked for them when it is over.
    var owing: Set<WorkerID> = []

    /// Drops what was meant for the worker's earlier session.
    mutating func dropMail(to worker: WorkerID) {
        inFlight.dropMail(to: worker)
        waiting.dropMail(to: worker)
    }
}
