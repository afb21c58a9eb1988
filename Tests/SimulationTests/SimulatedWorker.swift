import Scheduling

/// A worker process: the real agenda in a modelled shell. A process that dies takes all of it along.
final class SimulatedWorker {
    let node: Int
    let boot: Int
    var agenda: WorkerAgenda
    var session: Int64 = 0
    var inbox = SessionInbox()
    var outbox = SessionOutbox(session: 0)
    var lastHeard: Int64
    /// What arrives while the process is stopped is handled when it goes on.
    var isPaused = false
    var backlog: [SimulationEvent] = []
    /// What really runs, with what it asks for.
    var executing: [TaskAttempt: Resources] = [:]
    var resources: [JobID: Resources] = [:]

    init(node: Int, boot: Int, capacity: Resources, now: Int64) {
        (self.node, self.boot, agenda, lastHeard) = (node, boot, WorkerAgenda(capacity: capacity), now)
    }

    /// Opens a new session: what is finished and what is held, in one message.
    func open(now: Int64) -> (packet: PacketToHead, actions: [WorkerAgenda.Action]) {
        session += 1
        _ = inbox.open(session)
        outbox = SessionOutbox(session: session)
        lastHeard = now
        var reports: [AttemptReport] = []
        var registration = Registration(capacity: agenda.capacity, holding: [])
        var rest: [WorkerAgenda.Action] = []
        var isDraining = false
        for action in agenda.handle(.connected) {
            switch action {
            case .report(let held): reports += held
            case .register(let inventory): registration = inventory
            case .askToDrain: isDraining = true
            default: rest.append(action)
            }
        }
        let body = PacketToHead.Body.opening(reports, registration, isDraining: isDraining)
        return (PacketToHead(boot: boot, session: session, sequence: -1, body: body), rest)
    }

    func packet(_ body: PacketToHead.Body) -> PacketToHead {
        let marks = outbox.next()
        return PacketToHead(boot: boot, session: marks.session, sequence: marks.sequence, body: body)
    }

    /// I12 in earnest: what really runs fits the worker.
    var runsBeyondCapacity: Bool {
        var sum = Resources.zero
        for (_, resources) in executing { sum = sum + resources }
        return !sum.fits(in: agenda.capacity) || sum != agenda.inUse
    }
}
