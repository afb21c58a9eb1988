import Scheduling

extension Simulation {
    func running(_ incarnation: Int) -> SimulatedHead? { heads.lazy.compactMap { $0 }.first { $0.incarnation == incarnation } }

    func arrive(_ inbound: SimulatedHead.Inbound, at head: SimulatedHead?) {
        guard let head else { return }
        head.inbox.append(inbound)
        scheduleTurn(of: head, at: now)
    }

    func startHead() {
        guard head == nil, let slot = heads.firstIndex(where: { $0 == nil }) else { return }
        start(in: profile.hasStandby ? (incarnations + slot) % 2 : slot)
    }

    /// The one that stands by takes the place of a head that is silent.
    func takeOver(from incarnation: Int) {
        guard let silent = running(incarnation), silent === head, silent.busyUntil > now, heads[1 - silent.slot] == nil else {
            return
        }
        mark("head taken over")
        queue.push(.presence(incarnation: incarnation), at: silent.busyUntil + 200)
        start(in: 1 - silent.slot)
    }

    private func start(in slot: Int) {
        guard storeIsDownUntil <= now else { return queue.push(.headStart, at: now + 200 * profile.unit) }
        incarnations += 1
        let term = journal.raiseTerm()
        if term <= highestTerm { return fail("I6/I23: term \(term) begins after term \(highestTerm)") }
        highestTerm = term
        checkAcknowledged()
        var configuration = SchedulerConfiguration(term: term)
        configuration.queues = SimulationProfile.queues
        configuration.leaseMilliseconds = profile.lease
        configuration.recoveryGraceMilliseconds = incarnations == 1 ? 0 : 2 * profile.heartbeat
        configuration.stopGraceMilliseconds = profile.stopGrace
        configuration.prefillMilliseconds = 500 * profile.unit
        let head = SimulatedHead(
            incarnation: incarnations, slot: slot, configuration: configuration, clock: drawClock(),
            checkEvery: profile.checkEvery, mutant: mutant, now: now)
        head.wallOffset = wallOffset
        heads[slot] = head
        headsDisturbedAt = now
        head.recover(journal, now: now)
        finish(head.takeTurn(), of: head)
        if running(incarnations) != nil { scheduleTurn(of: head, at: now) }
    }

    func drawClock() -> SimulatedClock {
        let thousandths = Int64(profile.drift * 1_000)
        return SimulatedClock(rate: 1 + Double(faults.integer(-thousandths...thousandths)) / 1_000, now: now)
    }

    /// One turn of the head: all that waits, one commit, then the messages.
    func headTurn(_ incarnation: Int) {
        guard let head = running(incarnation) else { return }
        if head.nextTurn == now { head.nextTurn = nil }
        if head.busyUntil > now { return scheduleTurn(of: head, at: head.busyUntil) }
        if let turn = head.stalled {
            // It goes on where it was stopped: between the look at the term, if it is a mistaken one, and the write.
            head.stalled = nil
            finish(turn, of: head, checked: mutant == .termIsCheckedBeforeTheWrite)
            if running(incarnation) == nil { return }
        }
        head.handleInbox(plans, journal, now: now)
        if let violation = head.violation { return fail(violation) }
        for boot in head.silent { checkAlarm(boot) }
        sendRefusals(of: head)
        let turn = head.takeTurn()
        // What it does at a crash matters most while it has something to write.
        let faultAt = head === self.head && (head.outage != nil || !turn.records.isEmpty) ? headFaultAt : nil
        if faultAt != nil { headFaultAt = nil }
        switch faultAt {
        case 0: return crash(head, "head crashed before its commit")
        case 3 where head.outage == nil:
            head.stalled = turn
            pause(head, "head paused before its commit")
            return scheduleTurn(of: head, at: head.busyUntil)
        case 1: finish(turn, of: head, diesAfterCommit: true)
        case 2: finish(turn, of: head, diesWhileSending: true)
        default: finish(turn, of: head)
        }
        guard running(incarnation) != nil, let deadline = head.deadline else { return }
        let due = head.clock.time(of: deadline)
        if due < .max { scheduleTurn(of: head, at: max(now, due)) }
    }

    /// Persist, then send and answer. What cannot be persisted waits, with everything behind it.
    private func finish(
        _ turn: SimulatedTurn, of head: SimulatedHead, checked: Bool = false, diesAfterCommit: Bool = false,
        diesWhileSending: Bool = false
    ) {
        var turn = turn
        if head.outage != nil {
            send(head.stamp(turn.takeFreeMail()))
            turn.answers = []
            if mutant == .outageIsIgnored { acknowledge(turn) }
            head.outage?.waiting.append(turn)
            if diesAfterCommit || diesWhileSending { crash(head, "head crashed in an outage") }
            return
        }
        if mutant == .acknowledgedBeforeTheCommit { complete(turn, of: head) }
        switch turn.records.isEmpty ? .committed : write(turn.records, by: head, checked: checked) {
        case .committed: break
        case .unavailable:
            // Callers don't wait for a store that is away.
            turn.answers = []
            send(head.stamp(turn.takeFreeMail()))
            head.outage = SimulatedOutage(inFlight: turn)
            return queue.push(.storeRetry(incarnation: head.incarnation), at: now + storage.integer(20...500) * profile.unit)
        case .fenced: return fence(head)
        case .broken(let sentence): return fail(sentence)
        }
        if diesAfterCommit { return crash(head, "head crashed after its commit") }
        if mutant != .acknowledgedBeforeTheCommit { complete(turn, of: head, half: diesWhileSending) }
        if diesWhileSending { crash(head, "head crashed while sending") }
    }

    func complete(_ turn: SimulatedTurn, of head: SimulatedHead, half: Bool = false) {
        acknowledge(turn)
        var packets = head.stamp(turn.mail)
        if half { packets.removeLast(packets.count / 2) }
        send(packets)
    }

    func sendRefusals(of head: SimulatedHead) {
        send(head.refusals)
        head.refusals = []
    }

    private func send(_ packets: [PacketToWorker]) { for packet in packets { send(packet) } }

    func crash(_ head: SimulatedHead, _ kind: String) {
        mark(kind)
        headsDisturbedAt = now
        end(head)
        queue.push(.headStart, at: now + faults.integer(50...1_500) * profile.unit)
    }

    /// Another head has raised the term: this one ends.
    func fence(_ head: SimulatedHead) {
        mark("head fenced")
        end(head)
        if self.head == nil { queue.push(.headStart, at: now + 100) }
    }

    private func end(_ head: SimulatedHead) {
        collectAccount(of: head)
        heads[head.slot] = nil
        journal.loseFold()
    }

    /// A head that is awake looks at the term several times a second.
    func lookForOthers(_ incarnation: Int) {
        guard let head = running(incarnation) else { return }
        if head.busyUntil > now { return queue.push(.presence(incarnation: incarnation), at: head.busyUntil + 200) }
        if storeIsDownUntil <= now, journal.term > head.term { return fence(head) }
        if heads[1 - head.slot] != nil { queue.push(.presence(incarnation: incarnation), at: now + 200) }
    }

    func scheduleTurn(of head: SimulatedHead, at: Int64) {
        let at = max(at, head.busyUntil)
        if let next = head.nextTurn, next <= at { return }
        head.nextTurn = at
        queue.push(.headTurn(incarnation: head.incarnation), at: at)
    }
}
