import Scheduling

/// A worker process: the real agenda in a modelled shell. A process that dies takes all of it along, but for its spool.
final class SimulatedWorker {
    let node: Int
    let boot: Int
    /// What it calls itself.
    var identity: Int
    let clock: SimulatedClock
    /// The head it is connected to.
    var slot = 0
    var agenda: WorkerAgenda
    var session: Int64 = 0
    var isWelcome = false
    var highestTerm: Int64 = 0
    var inbox = SessionInbox()
    var outbox = SessionOutbox(session: 0)
    var lastHeard: Int64
    /// Results that a process before this one left, as far as they are not acknowledged.
    var inherited: [AttemptReport] = []
    /// Finished here and not acknowledged, with the time of the end.
    var unspooled: [(report: AttemptReport, finished: Int64)] = []
    /// What arrives while the process is stopped is handled when it goes on.
    var isPaused = false
    var backlog: [SimulationEvent] = []
    /// What really runs, with what it asks for.
    var executing: [TaskAttempt: Resources] = [:]
    var inUse = Resources.zero
    /// What those that were assigned and have not begun ask for.
    var resources: [TaskAttempt: Resources] = [:]
    /// The last time that anything came between it and a head.
    var disturbedAt: Int64
    /// Messages under way to it.
    var outbound = 0

    init(node: Int, boot: Int, capacity: Resources, clock: SimulatedClock, now: Int64) {
        (self.node, self.boot, identity, self.clock) = (node, boot, boot, clock)
        (agenda, lastHeard, disturbedAt) = (WorkerAgenda(capacity: capacity), now, now)
    }

    /// Opens a new session: what is finished and what is held, in one message.
    func open(now: Int64) -> (packet: PacketToHead, actions: [WorkerAgenda.Action]) {
        session += 1
        _ = inbox.open(session)
        outbox = SessionOutbox(session: session)
        lastHeard = now
        isWelcome = false
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
        return (packet(.opening(reports, registration, isDraining: isDraining, highestTerm: highestTerm)), rest)
    }

    func packet(_ body: PacketToHead.Body) -> PacketToHead {
        let marks = outbox.next()
        return PacketToHead(
            boot: boot, identity: identity, slot: slot, session: marks.session, sequence: marks.sequence, body: body)
    }

    func begin(_ name: TaskAttempt) {
        let resources = resources.removeValue(forKey: name) ?? .zero
        executing[name] = resources
        inUse = inUse + resources
    }

    func end(_ name: TaskAttempt) -> Bool {
        guard let resources = executing.removeValue(forKey: name) else { return false }
        inUse = inUse - resources
        return true
    }

    /// I12 in earnest: what really runs fits the worker.
    var runsBeyondCapacity: Bool { !inUse.fits(in: agenda.capacity) || inUse != agenda.inUse }
}
