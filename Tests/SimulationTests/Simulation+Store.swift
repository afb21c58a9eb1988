import Scheduling

extension Simulation {
    /// Commits in the name of `head`, with whatever the store suffers from.
    func write(_ records: [SimulatedJournal.Record], by head: SimulatedHead, checked: Bool = false) -> SimulatedJournal.Answer {
        if storeIsDownUntil > now { return .unavailable }
        let kind = nextCommit
        nextCommit = .sound
        if kind == .aborted {
            mark("commit aborted")
            return .unavailable
        }
        if mutant == .commitsAreNotForced {
            unforced.append(journal)
            if unforced.count > 3 { unforced.removeFirst() }
        }
        let answer = journal.commit(records, term: head.term, checked: checked)
        if kind == .ambiguous, answer == .committed {
            mark("commit not answered")
            return .unavailable
        }
        return answer
    }

    func breakStore() {
        switch storage.integer(0...3) {
        case 0: nextCommit = .aborted
        case 1: nextCommit = .ambiguous
        case 2:
            mark("store away")
            storeIsDownUntil = now + storage.integer(300...5_000) * profile.unit
        default:
            mark("store crashed")
            storeIsDownUntil = now + storage.integer(300...2_000) * profile.unit
            if mutant == .commitsAreNotForced, let old = unforced.first { journal = old }
            unforced = []
            if mutant == .termIsNotLogged { journal.term = 0 }
            checkAcknowledged()
        }
    }

    /// The writer tries the turn in flight again.
    func retryCommit(_ incarnation: Int) {
        guard let head = running(incarnation), let outage = head.outage else { return }
        if head.busyUntil > now { return queue.push(.storeRetry(incarnation: incarnation), at: head.busyUntil) }
        switch write(outage.inFlight.records, by: head) {
        case .unavailable: queue.push(.storeRetry(incarnation: incarnation), at: now + storage.integer(20...500) * profile.unit)
        case .fenced: fence(head)
        case .broken(let sentence): fail(sentence)
        case .committed:
            complete(outage.inFlight, of: head)
            if !outage.waiting.records.isEmpty {
                head.outage = SimulatedOutage(inFlight: outage.waiting, owing: outage.owing)
                return retryCommit(incarnation)
            }
            head.outage = nil
            complete(outage.waiting, of: head)
            mark("outage over")
            head.askOwing(outage.owing)
            sendRefusals(of: head)
        }
    }

    /// I1, I4: an acknowledgement that leaves tells of something durable.
    func acknowledge(_ turn: SimulatedTurn) {
        for name in turn.decided {
            guard let job = journal.jobs[name.task.job], job.ends[name.task.index]?.attempt == name.attempt || job.isOver else {
                return fail("I1: the result of \(name) is acknowledged, and not durable")
            }
            if profile.checkEvery == 1, !job.isOver { acknowledgedEnds[name.task] = name.attempt }
        }
        for name in turn.acknowledged { told.insert(name) }
        for answer in turn.answers {
            switch answer {
            case .submitted(let job):
                guard journal.jobs[job] != nil else { return fail("I1: job \(job) is acknowledged, and not durable") }
                acknowledgedJobs.insert(job)
            case .cancelled(let job):
                guard journal.jobs[job]?.wasCancelled == true else {
                    return fail("I1: the end of job \(job) is acknowledged, and not durable")
                }
                acknowledgedCancels.insert(job)
            }
        }
    }

    /// I1: nothing that was acknowledged is gone.
    func checkAcknowledged() {
        for job in acknowledgedJobs where journal.jobs[job] == nil { fail("I1: job \(job) was acknowledged, and is lost") }
        for job in acknowledgedCancels where journal.jobs[job]?.wasCancelled != true {
            fail("I1: the end of job \(job) was acknowledged, and is lost")
        }
        for (task, attempt) in acknowledgedEnds where journal.jobs[task.job]?.ends[task.index]?.attempt != attempt {
            fail("I1: the result of task \(task) was acknowledged, and is lost")
        }
    }
}
