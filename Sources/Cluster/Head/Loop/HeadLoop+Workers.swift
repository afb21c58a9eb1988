import Diagnostics
import Foundation
import Logging
import Scheduling
import Specs
import SwiftProtobuf
import Transport
import Wire

extension HeadLoop {
    /// The most attempts that a registration may name.
    private static let inventoryLimit = 1_000_000

    func receive(_ message: Framed<ProtoToHead>, from peer: PeerID, at now: Instant, _ turn: inout Turn) {
        let header = message.header
        if case .register(let register) = header.body {
            return self.register(register, session: header.session, from: peer, at: now, &turn)
        }
        // A worker whose lease ended is unknown to the scheduler; it must show its inventory before anything else counts.
        // One that holds results from an outage tells them only then.
        guard let worker = sessions.worker(at: peer), var session = sessions[worker], scheduler.knows(worker),
            !owing.contains(worker)
        else { return refuse(peer, ClusterError.notRegistered()) }
        switch session.inbox.accept(session: header.session, sequence: header.sequence) {
        case .inOrder: break
        case .stale: return
        case .gap: return refuse(peer, ClusterError.notRegistered())
        }
        switch message.header.body {
        case .heartbeat(let beat):
            session.finished = beat.finished
            session.busyMicroseconds = beat.busyMicroseconds
            let ended = session.endedJobs
            session.endedJobs = []
            sessions[worker] = session
            apply(.heartbeat(worker), at: now, &turn)
            turn.mail(to: worker) { $0.answers.append(.heartbeatReply(.with { $0.endedJobs = ended.map(\.rawValue) })) }
        case .reports(let reports):
            sessions[worker] = session
            guard outage == nil else {
                outage?.owing.insert(worker)
                apply(.heartbeat(worker), at: now, &turn)
                return
            }
            accept(reports.reports, from: worker, bootID: session.bootID, at: now, &turn)
        case .drain:
            sessions[worker] = session
            apply(.drain(worker), at: now, &turn)
        case .progress(let progress):
            sessions[worker] = session
            take(progress, from: worker)
        case .goodbye:
            sessions[worker] = session
            lose(peer, planned: true, at: now, &turn)
        case nil:
            // Nothing, or what only a newer protocol has. Its place in the session is taken all the same.
            sessions[worker] = session
            refuse(peer, WireError.unknownBody())
        case .register, .fetch, .put, .output:
            // A registration has been dealt with above, bulk transfer before it gets here.
            sessions[worker] = session
        }
    }

    /// Only the attempt that is current has a say in where the next one begins.
    private func take(_ progress: ProtoProgress, from worker: WorkerID) {
        let attempt = progress.attempt.taskAttempt
        guard jobs[attempt.task.job] != nil, scheduler.holds(attempt, worker: worker) else { return }
        let isNew = jobs[attempt.task.job]?.take(progress, of: attempt.task.index) ?? false
        if isNew { outputs.keep(checkpoint: progress.checkpoint, of: attempt.task) }
        unpublished = true
    }

    private func register(
        _ message: ProtoRegister, session: Int64, from peer: PeerID, at now: Instant, _ turn: inout Turn
    ) {
        guard (8...64).contains(message.bootID.utf8.count), message.bootID.utf8.allSatisfy(Self.isIdentityByte) else {
            return refuse(peer, ClusterError.identity())
        }
        let (capacity, labels) = (message.capacity, message.workerLabels)
        guard capacity.isPlausibleCapacity, capacity.milliCPU > 0, capacity.memory > 0,
            message.holding.count <= Self.inventoryLimit, message.finished.count <= Self.inventoryLimit
        else { return refuse(peer, ClusterError.capacity(capacity)) }
        guard labels.count <= WorkerLabel.limit, labels.allSatisfy({ WorkerLabel.isWord($0.key) && WorkerLabel.isWord($0.value) })
        else { return refuse(peer, ClusterError.workerLabels()) }
        guard message.address.isEmpty || WorkerConfiguration.isAddress(message.address) else {
            return refuse(peer, ClusterError.workerAddress())
        }
        guard message.clusterID.isEmpty || message.clusterID == configuration.clusterID else {
            return refuse(peer, ClusterError.cluster(message.clusterID, own: configuration.clusterID))
        }
        guard message.highestTerm <= term else { return refuse(peer, ClusterError.staleTerm(message.highestTerm, term)) }
        guard let worker = sessions.register(message, session: session, at: peer) else { return }
        owing.remove(worker)
        let welcome = ProtoWelcome.with {
            $0.clusterID = configuration.clusterID
            $0.term = term
            $0.heartbeatMilliseconds = configuration.heartbeatMilliseconds
            $0.leaseMilliseconds = configuration.leaseMilliseconds
        }
        turn.mail(to: worker) { $0.answers = [.welcome(welcome)] }
        var holding = message.holding.map(\.taskAttempt)
        if outage != nil {
            outage?.dropMail(to: worker)
            // Results that cannot be taken now are held by the worker as much as what it still runs.
            holding += message.finished.map(\.attempt.taskAttempt)
            if !message.finished.isEmpty { outage?.owing.insert(worker) }
        } else if !message.finished.isEmpty {
            accept(message.finished, from: worker, bootID: message.bootID, at: now, &turn)
        }
        // The inventory is from before all of this turn's commands, those that follow from its own reports included: what they
        // assign is not in it, counts as lost, and is assigned again.
        turn.mail(to: worker) { $0.dropCommands() }
        var registration = Registration(capacity: capacity, holding: holding)
        (registration.choices, registration.labels, registration.datasets) = (message.heldChoices, labels, message.datasets)
        apply(.register(worker, registration), at: now, &turn)
        CrashPoint.headWorkerRegistered.reached()
        logger.info("worker registered", metadata: ["worker.id": "\(worker)", "worker.boot": "\(message.bootID)"])
    }

    private static func isIdentityByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "-"):
            true
        default: false
        }
    }

    private func accept(_ reports: [ProtoReport], from worker: WorkerID, bootID: String, at now: Instant, _ turn: inout Turn) {
        var inputs: [AttemptReport] = []
        var details: [TaskAttempt: ProtoReport] = [:]
        inputs.reserveCapacity(reports.count)
        details.reserveCapacity(reports.count)
        for var report in reports {
            // What cannot be understood is a failure of the attempt, so that the task does not hang.
            var input =
                (try? report.attemptReport())
                ?? AttemptReport(attempt: report.attempt.taskAttempt, outcome: .failed(retryable: false))
            if report.result.count > WireProtocol.resultLimit {
                let error = ClusterError.resultTooLarge(report.result.count)
                input.outcome = .failed(retryable: false)
                report.result = Data()
                report.errorCode = error.code
                report.errorMessage = error.message
            }
            if input.outcome == .failed(retryable: true),
                jobs[input.attempt.task.job]?.neverRetries(report.errorCode) == true
            {
                input.outcome = .failed(retryable: false)
            }
            details[input.attempt] = report
            inputs.append(input)
        }
        turn.mail(to: worker) { mail in mail.acknowledged += inputs.map(\.attempt) }
        // Before the reports are handled, because a job may end with one of them.
        let unknown = Set(inputs.lazy.map(\.attempt).filter { !self.knows($0.task) })
        let verdicts = apply(.report(worker, inputs), at: now, &turn, details: details, worker: bootID)
        CrashPoint.headReportsTaken.reached()
        for (input, verdict) in zip(inputs, verdicts) where verdict == .fenced {
            let error =
                unknown.contains(input.attempt) ? ClusterError.unknownTask(input.attempt) : ClusterError.fenced(input.attempt)
            fencedReports += 1
            turn.mail(to: worker) { $0.fenced.append((input.attempt, error.code)) }
            logger.debug(
                "report changed nothing",
                metadata: ["worker.id": "\(worker)", "attempt": "\(input.attempt)", "error.code": "\(error.code)"])
        }
    }

    /// Whether there is, or was, such a task.
    private func knows(_ task: TaskID) -> Bool {
        guard let job = jobs[task.job] else { return task.job.rawValue > 0 && task.job < nextJob }
        return task.index >= 0 && Int(task.index) < job.plan.taskCount
    }

    /// The connection is gone, or the worker said goodbye.
    func lose(_ peer: PeerID, planned: Bool, at now: Instant, _ turn: inout Turn) {
        guard let worker = sessions.worker(at: peer) else { return }
        // An unplanned loss of the connection is not a death: the process may be back before its lease ends.
        if planned {
            apply(.gone(worker, planned: true), at: now, &turn)
            logger.info("worker left", metadata: ["worker.id": "\(worker)"])
        }
        guard planned || !scheduler.knows(worker) else { return }
        sessions.remove(worker)
        owing.remove(worker)
    }

    func refuse(_ peer: PeerID, _ error: any DiagnosticError) {
        var header = ProtoToWorker()
        header.protocol = WireProtocol.version
        header.body = .refusal(.with { ($0.code, $0.message) = (error.code, error.message) })
        transport.send([OutgoingMessage(to: peer, frames: Framed(header: header).frames)])
        logger.debug("message refused", metadata: ["error.code": "\(error.code)"])
    }

    // MARK: - Sending

    /// Sends the turn's mail: one message of each kind a worker at most.
    func send(_ turn: Turn) {
        var outgoing: [OutgoingMessage] = []
        for worker in turn.recipients {
            guard var session = sessions[worker], let mail = turn.mail[worker] else { continue }
            var bodies: [ProtoToWorker.OneOf_Body] = mail.answers
            if !mail.acknowledged.isEmpty {
                bodies.append(
                    .acknowledgements(
                        .with {
                            $0.attempts = mail.acknowledged.map(ProtoAttemptName.init)
                            $0.fenced = mail.fenced.map { attempt, code in
                                .with { ($0.attempt, $0.code) = (ProtoAttemptName(attempt), code) }
                            }
                        }))
            }
            for command in mail.commands {
                switch command {
                case .assign(_, let attempts):
                    let assignments = assignments(attempts, to: &session)
                    if !assignments.tasks.isEmpty { bodies.append(.assignments(assignments)) }
                case .stop(_, let attempt, let reason):
                    bodies.append(.stop(.with { ($0.attempt, $0.reason) = (ProtoAttemptName(attempt), reason.rawValue) }))
                case .dismiss: bodies.append(.dismissal(ProtoDismissal()))
                }
            }
            for body in bodies {
                var header = ProtoToWorker()
                header.protocol = WireProtocol.version
                (header.session, header.sequence) = session.outbox.next()
                header.body = body
                outgoing.append(OutgoingMessage(to: session.peer, frames: Framed(header: header).frames))
            }
            sessions[worker] = session
        }
        transport.send(outgoing)
    }

    private func assignments(_ attempts: [TaskAttempt], to session: inout Sessions.Session) -> ProtoAssignments {
        var message = ProtoAssignments()
        message.tasks.reserveCapacity(attempts.count)
        for attempt in attempts {
            // A job that ended later in the same turn has stopped these attempts too.
            guard let job = jobs[attempt.task.job] else { continue }
            if session.bodies.insert(job.record.id).inserted {
                message.bodies.append(
                    .with {
                        $0.job = job.record.id.rawValue
                        $0.spec = job.record.spec
                        $0.choices = [job.spec.resources] + job.spec.alternatives
                    })
            }
            var assignment = ProtoAssignment()
            assignment.attempt = ProtoAttemptName(attempt)
            assignment.payload = job.plan.payload(of: attempt.task.index, attempt: scheduler.priorAttempts(of: attempt.task) + 1)
            if case .command = assignment.payload.kind, let checkpoint = job.checkpoints[attempt.task.index] {
                assignment.payload.command.checkpoint = checkpoint
            }
            if job.spec.gang > 1 {
                assignment.payload.command.gang = gangAddresses(attempt, rank: assignment.payload.command.rank)
            }
            if !job.spec.alternatives.isEmpty { assignment.choice = UInt32(clamping: scheduler.choice(of: attempt.task)) }
            message.tasks.append(assignment)
        }
        return message
    }

    /// Where the members of an attempt's gang are, by rank. The port of each follows from the number of its attempt, so that no two
    /// that run at the same time are told the same one; nobody listens there yet.
    private func gangAddresses(_ attempt: TaskAttempt, rank: UInt32) -> [String] {
        let first = attempt.attempt.number - Int64(rank)
        return scheduler.gangWorkers(of: attempt.task).enumerated().map { place, worker in
            let port = 20_000 + (first + Int64(place)) % 12_000
            return "\(worker.flatMap { sessions[$0]?.address } ?? "127.0.0.1"):\(port)"
        }
    }

    func workerViews() -> [WorkerView] {
        var statuses: [WorkerID: WorkerSnapshot] = [:]
        for status in scheduler.workers { statuses[status.id] = status }
        return sessions.ordered.compactMap { session in
            guard let status = statuses[session.worker] else { return nil }
            var view = WorkerView(
                id: session.worker.rawValue, bootID: session.bootID, host: session.host, processID: session.processID,
                milliCPU: status.capacity.milliCPU, memory: status.capacity.memory, milliCPUInUse: status.inUse.milliCPU,
                memoryInUse: status.inUse.memory, assigned: status.assigned, finished: session.finished,
                busyMicroseconds: session.busyMicroseconds, draining: status.isDraining,
                silentMilliseconds: status.silentMilliseconds)
            (view.milliGPU, view.milliGPUInUse) = (status.capacity.milliGPU, status.inUse.milliGPU)
            for other in status.capacity.others.list {
                view.others[other.name] = other.milli
                view.othersInUse[other.name] = status.inUse.others[other.name]
            }
            for label in status.labels { view.labels[label.key] = label.value }
            return view
        }
    }
}
