import Diagnostics
import Logging
import Scheduling

/// The end of a turn: persist, then show, send and answer.
///
/// While the store answers, a turn is committed here, on the loop's own thread. When it does not, the turn goes to a thread
/// that repeats it for as long as it takes (records that are stored already change nothing, so a commit whose answer was
/// lost may be repeated), and the loop goes on: it answers heartbeats and registrations, keeps leases and time, leaves
/// results with their workers and refuses callers. Nothing of a turn that is not durable is shown, sent or acknowledged.
extension HeadLoop {
    func finish(_ turn: Turn, at now: Instant) throws {
        if outage != nil {
            hold(turn, at: now)
        } else if try turn.records.isEmpty || commitBriefly(turn.records) {
            complete(turn, at: now)
        } else {
            begin(Outage(inFlight: turn), at: now)
        }
    }

    private func complete(_ turn: Turn, at now: Instant) {
        if !turn.records.isEmpty { CrashPoint.headTurnCommitted.reached() }
        board.events.append(turn.events, at: WallClock.milliseconds)
        // Whoever waits for a job's end is told before the workers are acknowledged.
        if turn.ended.isEmpty {
            send(turn)
            publish(turn, at: now)
        } else {
            publish(turn, at: now)
            send(turn)
        }
        if !turn.records.isEmpty { CrashPoint.headTurnSent.reached() }
        for answer in turn.answers { answer.done() }
        if !turn.answers.isEmpty { CrashPoint.headTurnAnswered.reached() }
    }

    /// Whether the records are durable; false when the store is away.
    private func commitBriefly(_ records: [JournalRecord]) throws -> Bool {
        do {
            try journal.commitBriefly(records, term: term)
            return true
        } catch let error as any DiagnosticError where error.category == .unavailable {
            logger.error(
                "store unavailable, turns wait", metadata: ["error.code": "\(error.code)", "error": "\(error.message)"])
            return false
        }
    }

    // MARK: - While the store is away

    private func begin(_ outage: Outage, at now: Instant) {
        var outage = outage
        board.setStoreAvailable(false)
        fail(&outage.inFlight)
        send(outage.inFlight.takeAnswers())
        self.outage = outage
        CrashPoint.headOutageBegun.reached()
        write(outage.inFlight)
    }

    /// Keeps the turn behind those before it; only what needs no commit leaves at once.
    private func hold(_ turn: Turn, at now: Instant) {
        var turn = turn
        fail(&turn)
        send(turn.takeAnswers())
        outage?.waiting.append(turn)
        publishWithoutJobs(at: now)
    }

    /// Callers don't wait for a store that is away.
    private func fail(_ turn: inout Turn) {
        for answer in turn.answers { answer.failed(ClusterError.undecided()) }
        turn.answers = []
    }

    private func write(_ turn: Turn) {
        let (records, term, journal) = (turn.records, term, journal)
        surroundings.later { [board, mailbox] in
            let result = Result {
                try Patience.whileUnavailable(giveUp: { board.isStopping }) { try journal.commit(records, term: term) }
            }
            mailbox.post([.written(result)])
        }
    }

    /// The turn in flight is durable: it takes effect, and then what has waited behind it.
    func written(_ result: Result<Void, any Error>, at now: Instant) throws {
        // A head that stops gives the turn up: nothing of it was acknowledged.
        guard let ending = outage, !board.isStopping else { return }
        try result.get()
        complete(ending.inFlight, at: now)
        if !ending.waiting.records.isEmpty {
            outage = Outage(inFlight: ending.waiting, owing: ending.owing)
            return write(ending.waiting)
        }
        outage = nil
        complete(ending.waiting, at: now)
        CrashPoint.headOutageOver.reached()
        board.setStoreAvailable(true)
        logger.notice("store available again", metadata: ["workers.owing": "\(ending.owing.count)"])
        // A registration brings the results that were not taken, and settles what became of everything else.
        owing.formUnion(ending.owing)
        for worker in ending.owing.sorted() {
            if let session = sessions[worker] { refuse(session.peer, ClusterError.notRegistered()) }
        }
    }
}
