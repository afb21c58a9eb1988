import Scheduling

/// Something that happens at an instant of virtual time.
enum SimulationEvent {
    case client(Int)
    case toHead(PacketToHead)
    case toWorker(PacketToWorker)
    case connectionLost(boot: Int)
    case headTurn(incarnation: Int)
    case headStart
    /// The head is silent; the one that stands by starts in its place, if it still is.
    case takeOver(from: Int)
    /// A head looks whether another one has taken over.
    case presence(incarnation: Int)
    /// The turn in flight is written again.
    case storeRetry(incarnation: Int)
    case beat(boot: Int)
    case finish(boot: Int, TaskAttempt, AttemptOutcome, ran: Int64)
    case poisoned(boot: Int, TaskAttempt)
    case spool(boot: Int)
    case resume(boot: Int)
    case workerStart(node: Int)
    case fault(SimulationFault)
    /// The second step of a mistaken fold.
    case finishFold(incarnation: Int)
    case heal
}

/// The kinds of faults that come from outside at drawn times.
enum SimulationFault: CaseIterable {
    case link, workerCrash, workerPause, workerDrain, headCrash, headPause, store, disk, wallJump, fold, upgrade
}
