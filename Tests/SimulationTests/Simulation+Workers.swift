import Scheduling

extension Simulation {
    /// The process, when it can handle an event now. A stopped one gets it later, a dead one never.
    func awake(_ boot: Int, _ event: SimulationEvent) -> SimulatedWorker? {
        guard let worker = workers[boot] else { return nil }
        if worker.isPaused {
            worker.backlog.append(event)
            return nil
        }
        return worker
    }

    func startWorker(_ node: Int) {
        guard boots[node] == nil else { return }
        let worker = SimulatedWorker(node: node, boot: bootsNamed, capacity: capacities[node], clock: drawClock(), now: now)
        if mutant == .identityIsTheHostName { worker.identity = -1 - node }
        worker.inherited = disks[node].values.sorted {
            ($0.attempt.task, $0.attempt.attempt) < ($1.attempt.task, $1.attempt.attempt)
        }
        if !worker.inherited.isEmpty { mark("results inherited") }
        bootsNamed += 1
        boots[node] = worker.boot
        workers[worker.boot] = worker
        open(worker)
        queue.push(.beat(boot: worker.boot), at: now + worker.clock.pause(profile.heartbeat))
    }

    func pickWorker() -> SimulatedWorker? {
        let node = Int(faults.integer(0...Int64(profile.workers) - 1))
        guard let boot = boots[node], let worker = workers[boot], !worker.isPaused else { return nil }
        return worker
    }

    func kill(_ worker: SimulatedWorker, _ kind: String) {
        mark(kind)
        vanish(worker)
        if faults.chance(0.5) { queue.push(.connectionLost(boot: worker.boot), at: now + 5) }
    }

    /// I20: a task takes few workers down with it. Three deaths end it, and an attempt that ran out of its time while its worker
    /// hung may have done so once more for each of its four runs.
    func poison(_ worker: SimulatedWorker, _ name: TaskAttempt) {
        guard worker.executing[name] != nil else { return }
        killed[name.task, default: [:]][name.attempt.term, default: 0] += 1
        if killed[name.task]?[name.attempt.term] ?? 0 > 7 {
            return fail("I20: task \(name.task) has killed its eighth worker in term \(name.attempt.term)")
        }
        kill(worker, "worker poisoned")
    }

    func pause(_ worker: SimulatedWorker) {
        mark("worker paused")
        worker.isPaused = true
        let until = now + faults.integer(100...3 * profile.lease)
        worker.disturbedAt = until
        queue.push(.resume(boot: worker.boot), at: until)
    }

    func resume(_ boot: Int) {
        guard let worker = workers[boot], worker.isPaused else { return }
        worker.isPaused = false
        worker.disturbedAt = now
        let backlog = worker.backlog
        worker.backlog = []
        for event in backlog { queue.push(event, at: now) }
    }

    func beat(_ worker: SimulatedWorker) {
        if mutant == .heartbeatsStopWithTheDrain, worker.agenda.isDraining { return }
        queue.push(.beat(boot: worker.boot), at: now + worker.clock.pause(profile.heartbeat))
        guard now - worker.lastHeard > worker.clock.pause(profile.silence) else {
            if worker.isWelcome { send(worker.packet(.heartbeat)) }
            return
        }
        worker.disturbedAt = now
        if profile.hasStandby {
            mark("worker turned to another head")
            worker.slot = 1 - worker.slot
        }
        if mutant == .failoverMakesANewIdentity { worker.identity += 1 << 40 }
        open(worker)
    }

    func receive(_ packet: PacketToWorker, at worker: SimulatedWorker) {
        // The connection to another head is closed.
        guard packet.slot == worker.slot else { return }
        if case .registerAgain = packet.body {
            guard packet.session == worker.session, worker.isWelcome else { return }
            mark("session asked for")
            return open(worker)
        }
        switch worker.inbox.accept(session: packet.session, sequence: packet.sequence) {
        case .stale: return
        case .gap:
            mark("gap seen")
            if packet.session == worker.session { open(worker) }
            return
        case .inOrder: worker.lastHeard = now
        }
        switch packet.body {
        case .welcome(let term):
            guard term >= worker.highestTerm else { return mark("older head disobeyed") }
            worker.highestTerm = term
            worker.isWelcome = true
            if !worker.inherited.isEmpty { report(worker.inherited, by: worker) }
        case .alive, .registerAgain: break
        case .assign(let attempts, let resources, let choice):
            for name in attempts { worker.resources[name] = resources }
            if choice > 0 { mark("second choice") }
            perform(worker.agenda.handle(.assigned(attempts, resources, choice: choice)), by: worker)
        case .stop(let name, let reason): perform(worker.agenda.handle(.stop(name, reason)), by: worker)
        case .acknowledged(let attempts):
            for name in attempts { if disks[worker.node][name] != nil { removeSpooled(name, at: worker.node) } }
            if !worker.inherited.isEmpty { worker.inherited.removeAll { attempts.contains($0.attempt) } }
            perform(worker.agenda.handle(.acknowledged(attempts)), by: worker)
        case .dismiss: perform(worker.agenda.handle(.dismissed), by: worker)
        }
    }

    func finish(_ name: TaskAttempt, _ outcome: AttemptOutcome, _ ran: Int64, at worker: SimulatedWorker) {
        guard worker.end(name) else { return }
        perform(worker.agenda.handle(.finished(name, outcome, ranMicroseconds: ran)), by: worker)
        guard outcome != .cancelled else { return }
        let report = AttemptReport(attempt: name, outcome: outcome, ranMicroseconds: ran)
        if worker.unspooled.isEmpty { queue.push(.spool(boot: worker.boot), at: now + Self.promptMilliseconds) }
        worker.unspooled.append((report, now))
    }

    func perform(_ actions: [WorkerAgenda.Action], by worker: SimulatedWorker) {
        for action in actions {
            switch action {
            case .start(let name): start(name, on: worker)
            case .cancel(let name, _):
                if behaviour(of: name.task) != .stubborn {
                    let ran = work.integer(1...50)
                    queue.push(.finish(boot: worker.boot, name, .cancelled, ran: ran * 1_000), at: now + ran)
                }
            case .report(let reports): report(reports, by: worker)
            case .register: fail("a registration outside of the opening of a session")
            case .askToDrain: send(worker.packet(.drain))
            case .leave:
                mark("worker dismissed")
                send(worker.packet(.goodbye))
                vanish(worker)
            }
        }
        if worker.runsBeyondCapacity { fail("I12: node \(worker.node) runs \(worker.executing) beyond its capacity") }
    }

    /// I8, I21: the lease of a worker that nothing has come between does not end.
    func checkAlarm(_ boot: Int) {
        guard let worker = workers[boot], !worker.isPaused else { return }
        let quiet = 2 * profile.lease + 4 * profile.heartbeat
        guard now - worker.disturbedAt > quiet, now - headsDisturbedAt > quiet else { return }
        fail("false alarm: node \(worker.node) was given up, and nothing had happened to it for \(now - worker.disturbedAt) ms")
    }

    // MARK: - The spool

    /// How long an acknowledgement usually takes at most; results that wait longer are written to the disk.
    private static let promptMilliseconds: Int64 = 500

    func spool(_ worker: SimulatedWorker) {
        let waiting = Set(worker.agenda.unacknowledged.map(\.attempt))
        worker.unspooled.removeAll { !waiting.contains($0.report.attempt) }
        guard !worker.unspooled.isEmpty else { return }
        if diskIsFullUntil[worker.node] > now {
            mark("disk full")
        } else {
            for entry in worker.unspooled { disks[worker.node][entry.report.attempt] = entry.report }
            worker.unspooled = []
            mark("results spooled")
        }
        queue.push(.spool(boot: worker.boot), at: now + Self.promptMilliseconds)
    }

    /// Rule e: what is in a spool stays there until a head has committed it.
    private func removeSpooled(_ name: TaskAttempt, at node: Int) {
        disks[node][name] = nil
        if !told.contains(name) { fail("I4: the result of \(name) left the spool of node \(node) before any head had taken it") }
    }

    private func report(_ reports: [AttemptReport], by worker: SimulatedWorker) {
        send(worker.packet(.report(reports)))
        guard mutant == .spoolGoesBeforeTheAcknowledgement else { return }
        for report in reports where disks[worker.node][report.attempt] != nil { removeSpooled(report.attempt, at: worker.node) }
    }

    // MARK: - Inside

    private func open(_ worker: SimulatedWorker) {
        let (packet, actions) = worker.open(now: now)
        send(packet)
        perform(actions, by: worker)
    }

    private func vanish(_ worker: SimulatedWorker) {
        workers[worker.boot] = nil
        boots[worker.node] = nil
        queue.push(.workerStart(node: worker.node), at: now + faults.integer(50...1_500) * profile.unit)
    }

    private func behaviour(of task: TaskID) -> Behaviour {
        plans[Int(task.job.rawValue) - 1].behaviours[Int(task.index)]
    }

    private func start(_ name: TaskAttempt, on worker: SimulatedWorker) {
        if !started.insert(name).inserted { fail("I8: attempt \(name) was started twice") }
        result.executions[name.task, default: 0] += 1
        worker.begin(name)
        let behaviour = behaviour(of: name.task)
        if profile.checkEvery == 1 { mark("ran \(behaviour)") }
        let usual = profile.taskMilliseconds
        var ran =
            work.integer(0...9) < 7 ? work.integer(usual) : work.integer(usual.upperBound...max(usual.upperBound * 3, 1_500))
        var outcome = AttemptOutcome.succeeded
        switch behaviour {
        case .normal: break
        case .flaky: if work.chance(0.5) { outcome = .failed(retryable: true) }
        case .failing: outcome = .failed(retryable: false)
        case .poison: return queue.push(.poisoned(boot: worker.boot, name), at: now + ran)
        case .stuck: return
        case .stubborn:
            ran = 8_000 * profile.unit
            outcome = .failed(retryable: true)
        }
        queue.push(.finish(boot: worker.boot, name, outcome, ran: ran * 1_000), at: now + ran)
    }
}
