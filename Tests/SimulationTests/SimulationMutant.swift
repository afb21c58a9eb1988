import Scheduling

/// A mistake planted in the head to show that the rules would notice it.
enum SimulationMutant {
    /// Late reports are taken for reports of the task's current attempt, as if attempts were not compared.
    case attemptsAreNotCompared

    /// The input as the mistaken head understands it.
    func change(_ input: Input, _ ledger: SimulationLedger) -> Input {
        guard case .report(_, let reports) = input, reports.count == 1, let report = reports.first,
            let current = ledger.latest[report.attempt.task], current.attempt != report.attempt.attempt, !current.isDecided
        else { return input }
        let name = TaskAttempt(task: report.attempt.task, attempt: current.attempt)
        let taken = AttemptReport(attempt: name, outcome: report.outcome, ranMicroseconds: report.ranMicroseconds)
        return .report(current.worker, [taken])
    }
}
