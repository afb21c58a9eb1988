import Scheduling
import Wire

/// What the scheduler was told and what it said, as events of the turn.
extension HeadLoop {
    func note(_ input: Input, _ output: Output, details: [TaskAttempt: ProtoReport], _ turn: inout Turn) {
        var (reporter, endsJob): (WorkerID?, Bool) = (nil, false)
        switch input {
        case .submit(let submission): turn.events.append(HeadEvent(.jobSubmitted, submission.job))
        case .hold(let job, let hold): turn.events.append(HeadEvent(.jobHeld, job, cause: "\(hold)"))
        case .release(let job, let hold): turn.events.append(HeadEvent(.jobReleased, job, cause: "\(hold)"))
        case .register(let worker, _): turn.events.append(HeadEvent(.workerRegistered, worker))
        case .drain(let worker): turn.events.append(HeadEvent(.workerDraining, worker))
        case .gone(let worker, planned: true): turn.events.append(HeadEvent(.workerLeft, worker))
        case .report(let worker, let reports):
            reporter = worker
            note(reports, output.verdicts, from: worker, details, &turn)
        // The job's own end says it of all its tasks.
        case .end, .cancel: endsJob = true
        case .append, .restore, .cancelTasks, .heartbeat, .gone, .tick: break
        }
        for worker in output.lost { turn.events.append(HeadEvent(.workerLost, worker, cause: "lease")) }
        for lost in output.returned {
            turn.events.append(
                HeadEvent(.taskRequeued, lost, worker: nil, cause: output.lost.isEmpty ? "neverArrived" : "workerLost"))
        }
        for ended in output.ended where !endsJob {
            let report = ended.attempt.flatMap { details[TaskAttempt(task: ended.task, attempt: $0)] }
            let cause = report.flatMap { $0.errorCode.isEmpty ? nil : String($0.errorCode.prefix(64)) }
            turn.events.append(HeadEvent(ended, worker: report == nil ? nil : reporter, cause: cause))
        }
        for command in output.commands {
            switch command {
            case .assign(let worker, let attempts):
                for name in attempts { turn.events.append(HeadEvent(.taskAssigned, name, worker: worker)) }
            case .stop(let worker, let name, let reason):
                turn.events.append(HeadEvent(.attemptStopped, name, worker: worker, cause: reason.rawValue))
            case .dismiss(let worker): turn.events.append(HeadEvent(.workerDismissed, worker))
            }
        }
    }

    private func note(
        _ reports: [AttemptReport], _ verdicts: [Verdict], from worker: WorkerID, _ details: [TaskAttempt: ProtoReport],
        _ turn: inout Turn
    ) {
        for (report, verdict) in zip(reports, verdicts) where verdict != .accepted {
            let code = details[report.attempt].flatMap { $0.errorCode.isEmpty ? nil : String($0.errorCode.prefix(64)) }
            let kind: HeadEvent.Kind = verdict == .fenced ? .attemptFenced : .taskRetried
            turn.events.append(HeadEvent(kind, report.attempt, worker: worker, cause: code))
        }
    }
}
