import Scheduling

/// A mistake planted in a head, a worker or the store to show that the rules would notice it.
enum SimulationMutant: String, CaseIterable {
    /// Late reports are taken for reports of the task's current attempt, as if attempts were not compared.
    case attemptsAreNotCompared
    /// Messages and answers leave before the commit.
    case acknowledgedBeforeTheCommit
    /// The head reads the wall clock for its leases.
    case leasesFollowTheWallClock
    /// A worker calls itself by the name of its host.
    case identityIsTheHostName
    /// The head looks at the term first, and writes later without looking again.
    case termIsCheckedBeforeTheWrite
    /// The lease's table is unlogged, and is empty after a crash of the store.
    case termIsNotLogged
    /// The store answers before its log is forced to the disk.
    case commitsAreNotForced
    /// Ranges are taken out in one transaction and put back in another.
    case rangesGoBeforeTheirCommit
    /// A head that takes jobs up again forgets how long their attempts may run.
    case rescueForgetsTheTimeout
    /// A worker that drains sends no more heartbeats.
    case heartbeatsStopWithTheDrain
    /// A worker whose connection is lost is forgotten, and what it held stays assigned to nobody.
    case identityGoesBeforeItsTasks
    /// A worker takes a new name when it turns to another head, or to the same one again.
    case failoverMakesANewIdentity
    /// A worker removes a result from its spool once it is sent.
    case spoolGoesBeforeTheAcknowledgement
    /// What is queued for a worker that doesn't read has no limit.
    case outboundQueueIsUnbounded
    /// While the store is away, reports are acknowledged as ever.
    case outageIsIgnored

    /// The input as a head that does not compare attempts understands it.
    func change(_ input: Input, _ ledger: SimulationLedger) -> Input {
        guard self == .attemptsAreNotCompared, case .report(_, let reports) = input, reports.count == 1,
            let report = reports.first, let current = ledger.latest[report.attempt.task],
            current.attempt != report.attempt.attempt, !current.isDecided
        else { return input }
        let name = TaskAttempt(task: report.attempt.task, attempt: current.attempt)
        let taken = AttemptReport(attempt: name, outcome: report.outcome, ranMicroseconds: report.ranMicroseconds)
        return .report(current.worker, [taken])
    }
}
