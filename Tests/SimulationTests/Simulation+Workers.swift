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
        let worker = SimulatedWorker(node: node, boot: bootsNamed, capacity: capacities[node], now: now)
        bootsNamed += 1
        boots[node] = worker.boot
        workers[worker.boot] = worker
        open(worker)
        queue.push(.beat(boot: worker.boot), at: now + Simulation.heartbeat)
    }

    func pickWorker() -> SimulatedWorker? {
        let node = Int(faults.integer(0...Int64(profile.workers) - 1))
        guard !isHealed, let boot = boots[node], let worker = workers[boot], !worker.isPaused else { return nil }
        return worker
    }

    func kill(_ worker: SimulatedWorker, _ kind: String) {
        mark(kind)
        vanish(worker)
        if faults.chance(0.5) { queue.push(.connectionLost(boot: worker.boot), at: now + 5) }
    }

    func pause(_ worker: SimulatedWorker) {
        mark("worker paused")
        worker.isPaused = true
        queue.push(.resume(boot: worker.boot), at: now + faults.integer(100...3 * Simulation.lease))
    }

    func beat(_ worker: SimulatedWorker) {
        queue.push(.beat(boot: worker.boot), at: now + Simulation.heartbeat)
        if now - worker.lastHeard > Simulation.silence { open(worker) } else { send(.toHead(worker.packet(.heartbeat))) }
    }

    func receive(_ packet: PacketToWorker, at worker: SimulatedWorker) {
        if case .registerAgain = packet.body {
            guard packet.session == worker.session else { return }
            mark("session asked for")
            return open(worker)
        }
        switch worker.inbox.accept(session: packet.session, sequence: packet.sequence) {
        case .stale: return
        case .gap:
            mark("gap seen")
            return open(worker)
        case .inOrder: worker.lastHeard = now
        }
        switch packet.body {
        case .welcome, .alive, .registerAgain: break
        case .assign(let attempts, let resources):
            if let first = attempts.first { worker.resources[first.task.job] = resources }
            perform(worker.agenda.handle(.assigned(attempts, resources)), by: worker)
        case .stop(let name, let reason): perform(worker.agenda.handle(.stop(name, reason)), by: worker)
        case .acknowledged(let attempts): perform(worker.agenda.handle(.acknowledged(attempts)), by: worker)
        case .dismiss: perform(worker.agenda.handle(.dismissed), by: worker)
        }
    }

    func finish(_ name: TaskAttempt, _ outcome: AttemptOutcome, _ ran: Int64, at worker: SimulatedWorker) {
        guard worker.executing.removeValue(forKey: name) != nil else { return }
        perform(worker.agenda.handle(.finished(name, outcome, ranMicroseconds: ran)), by: worker)
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
            case .report(let reports): send(.toHead(worker.packet(.report(reports))))
            case .register: fail("a registration outside of the opening of a session")
            case .askToDrain: send(.toHead(worker.packet(.drain)))
            case .leave:
                mark("worker dismissed")
                send(.toHead(worker.packet(.goodbye)))
                vanish(worker)
            }
        }
        if worker.runsBeyondCapacity { fail("I12: node \(worker.node) runs \(worker.executing) beyond its capacity") }
    }

    // MARK: - Inside

    private func open(_ worker: SimulatedWorker) {
        let (packet, actions) = worker.open(now: now)
        send(.toHead(packet))
        perform(actions, by: worker)
    }

    private func vanish(_ worker: SimulatedWorker) {
        workers[worker.boot] = nil
        boots[worker.node] = nil
        queue.push(.workerStart(node: worker.node), at: now + faults.integer(50...1_500))
    }

    private func behaviour(of task: TaskID) -> Behaviour {
        plans[Int(task.job.rawValue) - 1].behaviours[Int(task.index)]
    }

    private func start(_ name: TaskAttempt, on worker: SimulatedWorker) {
        if !started.insert(name).inserted { fail("I8: attempt \(name) was started twice") }
        result.executions[name.task, default: 0] += 1
        worker.executing[name] = worker.resources[name.task.job] ?? .zero
        let behaviour = behaviour(of: name.task)
        mark("ran \(behaviour)")
        var ran = work.integer(0...9) < 7 ? work.integer(5...100) : work.integer(100...1_500)
        var outcome = AttemptOutcome.succeeded
        switch behaviour {
        case .normal: break
        case .flaky: if work.chance(0.5) { outcome = .failed(retryable: true) }
        case .failing: outcome = .failed(retryable: false)
        case .poison:
            queue.push(.poisoned(boot: worker.boot), at: now + ran)
            return
        case .stuck: return
        case .stubborn:
            ran = 8_000
            outcome = .failed(retryable: true)
        }
        queue.push(.finish(boot: worker.boot, name, outcome, ran: ran * 1_000), at: now + ran)
    }
}
