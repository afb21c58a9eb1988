import Scheduling

extension SimulatedHead {
    func receive(_ packet: PacketToHead, _ now: Int64) {
        if case .opening(let reports, let registration, let isDraining, let highestTerm) = packet.body {
            guard highestTerm <= term else { return ledger.mark("older head refused") }
            return register(packet, reports, registration, isDraining, now)
        }
        guard var connection = connections[packet.identity], scheduler.knows(connection.worker), !owing.contains(packet.identity)
        else {
            return askToRegister(packet)
        }
        let acceptance = connection.inbox.accept(session: packet.session, sequence: packet.sequence)
        connections[packet.identity] = connection
        switch acceptance {
        case .stale: return
        case .gap: return askToRegister(packet)
        case .inOrder: break
        }
        switch packet.body {
        case .opening: break
        case .heartbeat:
            take(.heartbeat(connection.worker), now)
            send(.alive, to: packet.identity)
        case .report(let reports):
            guard outage == nil || mutant == .outageIsIgnored else {
                outage?.owing.insert(packet.identity)
                take(.heartbeat(connection.worker), now)
                return ledger.mark("results left with their worker")
            }
            report(reports, connection.worker, packet.identity, now)
        case .drain: take(.drain(connection.worker), now)
        case .goodbye: take(.gone(connection.worker, planned: true), now)
        }
    }

    private func register(
        _ packet: PacketToHead, _ reports: [AttemptReport], _ registration: Registration, _ isDraining: Bool, _ now: Int64
    ) {
        let identity = packet.identity
        var connection = connections[identity] ?? Connection(worker: WorkerID(workersNamed), boot: packet.boot)
        guard connection.inbox.open(packet.session) == .inOrder,
            connection.inbox.accept(session: packet.session, sequence: 0) == .inOrder
        else { return }
        if connections[identity] == nil {
            identities[connection.worker] = identity
            workersNamed += 1
        }
        if connection.boot != packet.boot { ledger.mark("a name was taken over") }
        if let twin = identityOf[packet.boot].flatMap({ connections[$0] }), twin.worker != connection.worker,
            scheduler.knows(twin.worker)
        {
            violation = "I12: process \(packet.boot) counts as worker \(twin.worker) and as \(connection.worker)"
            return
        }
        owing.remove(identity)
        identityOf[packet.boot] = identity
        connection.boot = packet.boot
        connection.outbox = SessionOutbox(session: packet.session)
        connections[identity] = connection
        // What was meant for the session before, and what follows from the reports for this worker, is not sent: the inventory is
        // from before it.
        turn.dropMail(to: identity)
        outage?.inFlight.dropMail(to: identity)
        outage?.waiting.dropMail(to: identity)
        send(.welcome(term: term), to: identity)
        var registration = registration
        registering = connection.worker
        if outage != nil, mutant != .outageIsIgnored {
            // Results that cannot be taken now are held by the worker as much as what it still runs.
            registration.holding += reports.map(\.attempt)
            if !reports.isEmpty { outage?.owing.insert(identity) }
        } else if !reports.isEmpty {
            report(reports, connection.worker, identity, now)
        }
        registering = nil
        take(.register(connection.worker, registration), now)
        if isDraining { take(.drain(connection.worker), now) }
    }

    func lose(_ boot: Int, _ now: Int64) {
        guard let identity = identityOf[boot], let connection = connections[identity], connection.boot == boot else { return }
        guard mutant == .identityGoesBeforeItsTasks else {
            take(.gone(connection.worker, planned: false), now)
            return
        }
        connections[identity] = nil
        pruned.append(connection.worker)
    }

    private func report(_ reports: [AttemptReport], _ worker: WorkerID, _ identity: Int, _ now: Int64) {
        let verdicts = take(.report(worker, reports), now).verdicts
        for (report, verdict) in zip(reports, verdicts) {
            turn.acknowledged.append(report.attempt)
            if verdict == .accepted { turn.decided.append(report.attempt) }
        }
        send(.acknowledged(reports.map(\.attempt)), to: identity)
    }

    private func askToRegister(_ packet: PacketToHead) {
        refusals.append(
            PacketToWorker(boot: packet.boot, slot: slot, session: packet.session, sequence: -1, body: .registerAgain))
    }

    /// The workers whose results were not taken show what they hold; until then nothing else is taken from them.
    func askOwing(_ owing: Set<Int>) {
        self.owing.formUnion(owing)
        for identity in owing.sorted() {
            guard let connection = connections[identity] else { continue }
            refusals.append(
                PacketToWorker(
                    boot: connection.boot, slot: slot, session: connection.outbox.session, sequence: -1, body: .registerAgain))
        }
    }

    private func send(_ body: PacketToWorker.Body, to identity: Int) { turn.mail.append(.init(identity: identity, body: body)) }

    func say(_ command: Command) {
        switch command {
        case .assign(let worker, _) where worker == registering: return
        case .stop(let worker, _, _) where worker == registering: return
        case .dismiss(let worker) where worker == registering: return
        case .assign(let worker, let attempts):
            guard let identity = identities[worker] else { return }
            var run: [TaskAttempt] = []
            for (number, name) in attempts.enumerated() {
                run.append(name)
                let choice = scheduler.choice(of: name.task)
                let next = number + 1 < attempts.count ? attempts[number + 1].task : nil
                if next?.job == name.task.job, next.map({ scheduler.choice(of: $0) }) == choice { continue }
                if let choices = choices(of: name.task.job) {
                    send(.assign(run, choices[choice], choice: choice), to: identity)
                    run = []
                }
            }
        case .stop(let worker, let name, let reason):
            if let identity = identities[worker] { send(.stop(name, reason), to: identity) }
        case .dismiss(let worker):
            if let identity = identities[worker] { send(.dismiss, to: identity) }
        }
    }
}
