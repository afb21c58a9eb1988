/// What a worker does next: which attempts it runs, waits to run, and holds finished until the head has committed them.
///
/// It is a value without clock, thread or socket: the worker's shell feeds it what happens and does what it says, and the
/// simulation does the same. It starts attempts strictly in the order of assignment, as far as its capacity goes, which is
/// the rule by which the scheduler reckons what may be running here.
package struct WorkerAgenda: Sendable {
    package enum Event: Sendable, Hashable {
        /// The head assigned these, which all ask for the same resources, in this order: the choice of that number of their job.
        case assigned([TaskAttempt], Resources, choice: Int = 0)
        /// The head wants this attempt stopped, or forgotten if it has not started; one that is only taken back goes on when it
        /// has started.
        case stop(TaskAttempt, StopReason)
        /// An attempt that was started has ended.
        case finished(TaskAttempt, AttemptOutcome, ranMicroseconds: Int64)
        /// The head has committed what followed from these reports.
        case acknowledged([TaskAttempt])
        /// There is a new session with a head: after a connect, a gap in the messages, a silence, or because the head said
        /// that it does not know this worker.
        case connected
        /// The session is over; nothing can be sent until the next one.
        case disconnected
        /// The worker shall stop when it has done what it holds.
        case drain
        /// The head has nothing more for it, whoever asked for the drain.
        case dismissed
    }

    package enum Action: Sendable, Hashable {
        /// Run this attempt now.
        case start(TaskAttempt)
        /// Make this running attempt stop; it ends by `finished` as every other.
        case cancel(TaskAttempt, StopReason)
        /// Send these; they are held until acknowledged.
        case report([AttemptReport])
        /// Send the registration. Reports of the same batch of actions go first: what is missing from the inventory and was
        /// not reported has never arrived here.
        case register(Registration)
        /// Send the wish to be drained.
        case askToDrain
        /// Nothing is left to do; the process may end.
        case leave
    }

    /// What becomes of an attempt here. Acknowledged attempts are forgotten.
    private enum State: Sendable {
        /// Becomes `running` when it fits and all before it have started, `finished` (cancelled) on a stop.
        case waiting
        /// Becomes `stopping` on a stop, `finished` when it ends.
        case running
        /// Told to stop. Becomes `finished` when it ends.
        case stopping
        /// Held until acknowledged.
        case finished(AttemptReport)
    }

    private struct Item: Sendable {
        var charge: Resources
        var choice: Int
        /// The GPUs that it uses while it runs, as a set of bits.
        var gpus: UInt16 = 0
        var state: State
    }

    package let capacity: Resources
    package let labels: [WorkerLabel]
    private var gpus: GPUs
    /// Sum over the attempts that run.
    package private(set) var inUse = Resources.zero
    package private(set) var isConnected = false
    package private(set) var isDraining = false
    private var isDismissed = false
    private var items: [TaskAttempt: Item] = [:]
    /// Everything held, in the order it was assigned.
    private var order: [TaskAttempt] = []
    /// What has not started, in that order, from `queueHead` on.
    private var queue: [TaskAttempt] = []
    private var queueHead = 0
    /// The highest attempt ever assigned here. A head names attempts in ascending order and terms only rise, so an
    /// assignment that is not beyond it is a repeated one.
    private var latest: Attempt?

    package init(capacity: Resources, labels: [WorkerLabel] = []) {
        (self.capacity, self.labels) = (capacity, labels)
        gpus = GPUs(count: Int(clamping: capacity.milliGPU / 1_000))
    }

    /// Attempts that run now, in order of assignment.
    package var running: [TaskAttempt] {
        order.filter { name in
            switch items[name]?.state {
            case .running, .stopping: true
            default: false
            }
        }
    }

    /// Attempts assigned and not finished, in order of assignment: the inventory.
    package var holding: [TaskAttempt] {
        order.filter { name in
            switch items[name]?.state {
            case .waiting, .running, .stopping: true
            default: false
            }
        }
    }

    /// The numbers of the GPUs that a running attempt may use.
    package func gpus(of name: TaskAttempt) -> [Int] {
        guard let item = items[name] else { return [] }
        return (0..<GPUs.limit).filter { item.gpus & (1 << UInt16($0)) != 0 }
    }

    private var registration: Registration {
        var registration = Registration(capacity: capacity, holding: holding)
        registration.labels = labels
        for name in registration.holding {
            if let choice = items[name]?.choice, choice > 0 { registration.choices[name] = choice }
        }
        return registration
    }

    /// Reports not acknowledged yet, in order of assignment.
    package var unacknowledged: [AttemptReport] {
        order.compactMap { name in
            if case .finished(let report)? = items[name]?.state { report } else { nil }
        }
    }

    /// Whether nothing is held at all.
    package var isIdle: Bool { items.isEmpty }

    /// Whether something waits here that starts when a running attempt ends.
    package var hasWaiting: Bool { queueHead < queue.count }

    /// Takes one event, and says what to do, in order.
    package mutating func handle(_ event: Event) -> [Action] {
        var actions: [Action] = []
        switch event {
        case .assigned(let attempts, let resources, let choice): take(attempts, resources, choice, &actions)
        case .stop(let attempt, let reason): stop(attempt, reason, &actions)
        case .finished(let attempt, let outcome, let ran): finish(attempt, outcome, ran, &actions)
        case .acknowledged(let attempts): forget(attempts)
        case .connected:
            isConnected = true
            let reports = unacknowledged
            if !reports.isEmpty { actions.append(.report(reports)) }
            actions.append(.register(registration))
            if isDraining { actions.append(.askToDrain) }
        case .disconnected: isConnected = false
        case .drain:
            guard !isDraining else { break }
            isDraining = true
            if isConnected { actions.append(.askToDrain) }
        case .dismissed: (isDraining, isDismissed) = (true, true)
        }
        start(&actions)
        if isDismissed, items.isEmpty {
            isDismissed = false
            actions.append(.leave)
        }
        return actions
    }

    private mutating func take(_ attempts: [TaskAttempt], _ resources: Resources, _ choice: Int, _ actions: inout [Action]) {
        let charge = resources.asCharge
        var refused: [AttemptReport] = []
        for name in attempts {
            if let latest, name.attempt <= latest { continue }
            latest = name.attempt
            order.append(name)
            if charge.fits(in: capacity) {
                items[name] = Item(charge: charge, choice: choice, state: .waiting)
                queue.append(name)
            } else {
                // It could never start; handed back rather than held for ever.
                let report = AttemptReport(attempt: name, outcome: .cancelled)
                items[name] = Item(charge: charge, choice: choice, state: .finished(report))
                refused.append(report)
            }
        }
        if !refused.isEmpty, isConnected { actions.append(.report(refused)) }
    }

    private mutating func stop(_ name: TaskAttempt, _ reason: StopReason, _ actions: inout [Action]) {
        guard let item = items[name] else { return }
        switch item.state {
        case .waiting:
            let report = AttemptReport(attempt: name, outcome: .cancelled)
            items[name]?.state = .finished(report)
            if isConnected { actions.append(.report([report])) }
        case .running where reason == .retracted: break
        case .running:
            items[name]?.state = .stopping
            actions.append(.cancel(name, reason))
        case .stopping, .finished: break
        }
    }

    private mutating func finish(_ name: TaskAttempt, _ outcome: AttemptOutcome, _ ran: Int64, _ actions: inout [Action]) {
        guard let item = items[name] else { return }
        switch item.state {
        case .waiting, .finished: return
        case .running, .stopping: break
        }
        inUse = inUse - item.charge
        gpus.give(back: item.gpus, item.charge.milliGPU)
        let report = AttemptReport(attempt: name, outcome: outcome, ranMicroseconds: ran)
        items[name]?.state = .finished(report)
        if isConnected { actions.append(.report([report])) }
    }

    private mutating func forget(_ attempts: [TaskAttempt]) {
        for name in attempts {
            guard case .finished? = items[name]?.state else { continue }
            items[name] = nil
        }
        // Forgotten names leave the order when they are half of it, so a long life costs no more than what is held.
        if order.count > 32, order.count > 2 * items.count { order.removeAll { items[$0] == nil } }
    }

    private mutating func start(_ actions: inout [Action]) {
        while queueHead < queue.count {
            let name = queue[queueHead]
            guard let item = items[name], case .waiting = item.state else {
                queueHead += 1
                continue
            }
            guard item.charge.fits(in: capacity - inUse), let numbers = gpus.take(item.charge.milliGPU) else { break }
            inUse = inUse + item.charge
            items[name]?.gpus = numbers
            items[name]?.state = .running
            queueHead += 1
            actions.append(.start(name))
        }
        if queueHead == queue.count {
            queue.removeAll(keepingCapacity: true)
            queueHead = 0
        } else if queueHead > 1_024, queueHead * 2 > queue.count {
            queue.removeFirst(queueHead)
            queueHead = 0
        }
    }
}
