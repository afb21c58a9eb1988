import Scheduling

extension Simulation {
    func arrive(_ inbound: SimulatedHead.Inbound) {
        guard let head else { return }
        head.inbox.append(inbound)
        scheduleTurn(at: now)
    }

    func startHead() {
        guard head == nil else { return }
        incarnations += 1
        var configuration = SchedulerConfiguration(term: journal.raiseTerm())
        configuration.queues = SimulationProfile.queues
        configuration.leaseMilliseconds = Simulation.lease
        configuration.recoveryGraceMilliseconds = incarnations == 1 ? 0 : 2 * Simulation.heartbeat
        configuration.stopGraceMilliseconds = Simulation.stopGrace
        configuration.prefillMilliseconds = 500
        let head = SimulatedHead(
            incarnation: incarnations, term: configuration.term, configuration: configuration, mutant: mutant, now: now)
        self.head = head
        head.recover(journal, now: now)
        commit(head)
        scheduleTurn(at: now)
    }

    /// One turn of the head: all that waits, one commit, then the messages.
    func headTurn(_ incarnation: Int) {
        guard let head, head.incarnation == incarnation else { return }
        if head.nextTurn == now { head.nextTurn = nil }
        if head.busyUntil > now { return scheduleTurn(at: head.busyUntil) }
        head.turn(plans, journal, now: now)
        if let violation = head.violation { return fail(violation) }
        let diesAt = headDiesAt
        headDiesAt = nil
        if diesAt == 0 { return headCrash("head crashed before its commit") }
        commit(head)
        if diesAt == 1 { return headCrash("head crashed after its commit") }
        var packets = head.takeOutgoing()
        if diesAt == 2 { packets.removeLast(packets.count / 2) }
        for packet in packets { send(.toWorker(packet)) }
        if diesAt == 2 { return headCrash("head crashed while sending") }
        if let deadline = head.deadline { scheduleTurn(at: max(now, (deadline.nanoseconds + 999_999) / 1_000_000)) }
    }

    private func commit(_ head: SimulatedHead) {
        if let broken = journal.commit(head.takeRecords()) { fail(broken) }
    }

    private func headCrash(_ kind: String) {
        guard let head else { return }
        mark(kind)
        collectAccount(of: head)
        self.head = nil
        queue.push(.headStart, at: now + faults.integer(50...1_500))
    }

    private func scheduleTurn(at: Int64) {
        guard let head else { return }
        let at = max(at, head.busyUntil)
        if let next = head.nextTurn, next <= at { return }
        head.nextTurn = at
        queue.push(.headTurn(incarnation: head.incarnation), at: at)
    }
}
