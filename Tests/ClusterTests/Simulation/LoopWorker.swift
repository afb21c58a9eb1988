import Scheduling
import SwiftProtobuf
import Transport
import Wire

/// A worker process of a simulation: the real agenda behind the real wire format.
final class LoopWorker {
    let node: Int
    let boot: Int
    var agenda = WorkerAgenda(capacity: Resources(milliCPU: 2_000, memory: 4 << 30))
    var session: Int64 = 0
    var inbox = SessionInbox()
    var outbox = SessionOutbox(session: 0)
    var isWelcome = false
    var highestTerm: Int64 = 0
    var lastHeard: Int64
    var isPaused = false
    var resources: [JobID: Resources] = [:]
    var running: Set<TaskAttempt> = []
    private(set) var outgoing: [[[UInt8]]] = []

    init(node: Int, boot: Int, now: Int64) { (self.node, self.boot, lastHeard) = (node, boot, now) }

    var peer: PeerID { PeerID(bytes: Array("\(boot)".utf8)) }
    private var bootID: String { "simulated-\(boot)" }

    func takeOutgoing() -> [[[UInt8]]] {
        defer { outgoing = [] }
        return outgoing
    }

    func send(_ body: ProtoToHead.OneOf_Body) {
        var header = ProtoToHead()
        header.protocol = WireProtocol.version
        (header.session, header.sequence) = outbox.next()
        header.body = body
        outgoing.append(Framed(header: header).frames)
    }

    /// Opens a session: inventory and reports in one message. Returns what else the agenda wants.
    func open(now: Int64) -> [WorkerAgenda.Action] {
        session += 1
        _ = inbox.open(session)
        outbox = SessionOutbox(session: session)
        (isWelcome, lastHeard) = (false, now)
        var register = ProtoRegister()
        (register.bootID, register.milliCpu, register.memoryBytes) = (bootID, agenda.capacity.milliCPU, agenda.capacity.memory)
        register.highestTerm = highestTerm
        var rest: [WorkerAgenda.Action] = []
        for action in agenda.handle(.connected) {
            switch action {
            case .report(let reports): register.finished += reports.map(ProtoReport.init)
            case .register(let inventory): register.holding = inventory.holding.map(ProtoAttemptName.init)
            default: rest.append(action)
            }
        }
        send(.register(register))
        return rest
    }

    /// Takes the head's message; returns what the agenda wants, or nil when a new session is to be opened.
    func receive(_ header: ProtoToWorker, now: Int64) -> [WorkerAgenda.Action]? {
        if case .refusal(let refusal) = header.body { return refusal.code == "E_NOT_REGISTERED" && isWelcome ? nil : [] }
        switch inbox.accept(session: header.session, sequence: header.sequence) {
        case .stale: return []
        case .gap: return header.session == session ? nil : []
        case .inOrder: lastHeard = now
        }
        switch header.body {
        case .welcome(let welcome):
            guard welcome.term >= highestTerm else { return [] }
            (highestTerm, isWelcome) = (welcome.term, true)
            return []
        case .assignments(let assignments): return take(assignments)
        case .stop(let stop):
            return agenda.handle(.stop(stop.attempt.taskAttempt, StopReason(rawValue: stop.reason) ?? .cancelled))
        case .acknowledgements(let names): return agenda.handle(.acknowledged(names.attempts.map(\.taskAttempt)))
        case .dismissal: return agenda.handle(.dismissed)
        default: return []
        }
    }

    private func take(_ assignments: ProtoAssignments) -> [WorkerAgenda.Action] {
        for body in assignments.bodies {
            resources[JobID(body.job)] = Resources(milliCPU: body.milliCpu, memory: body.memoryBytes)
        }
        var actions: [WorkerAgenda.Action] = []
        for task in assignments.tasks {
            let name = task.attempt.taskAttempt
            actions += agenda.handle(.assigned([name], resources[name.task.job] ?? .zero))
        }
        return actions
    }
}
