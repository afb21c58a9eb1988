import Logging
import Scheduling
import SwiftProtobuf
import Wire

extension HeadLoop {
    /// Puts a study that was run elsewhere on record: submitted, worked off and ended in one turn.
    func record(
        _ admitted: AdmittedJob, _ trials: [ImportedTrial], _ reply: Reply<AcceptedJob>, at now: Instant, _ turn: inout Turn
    ) {
        guard outage == nil else { return reply.fail(ClusterError.unavailable()) }
        guard uids[admitted.record.uid] == nil else {
            return reply.fail(ClusterError.uidConflict(admitted.record.uid, known: "", given: admitted.record.specHash))
        }
        var record = admitted.record
        record.id = nextJob
        nextJob = JobID(nextJob.rawValue + 1)
        var plan = admitted.plan(record.id)
        // Its points are taken up as those of a study that a head before this one began.
        let recorded = trials.enumerated().map { number, trial in
            TrialRecord(
                job: record.id, number: Int32(number), state: "running", parameters: CanonicalJSON.encode(trial.parameters))
        }
        var step = plan.start(RecordedTrials(recorded))
        turn.records.append(.jobSubmitted(record))
        turn.records += recorded.map(JournalRecord.trial)
        for (number, trial) in trials.enumerated() {
            let task = TaskID(job: record.id, index: Int32(number))
            let result = ProtoTaskResult.with { $0.command = .with { $0.metrics = trial.metrics ?? [:] } }
            var ended = TaskRecord(task: task, end: .succeeded, attempt: nil, worker: "")
            if trial.metrics == nil {
                (ended.end, ended.errorCode) = (.failed, "E_EXTERNAL")
                ended.errorMessage = String((trial.error ?? "it failed elsewhere").prefix(2_000))
            } else if let bytes: [UInt8] = try? result.serializedBytes() {
                ended.result = bytes
            }
            let error = ended.errorCode.map { ErrorView(code: $0, message: ended.errorMessage ?? "") }
            step.append(plan.ended(task.index, ended.end, result: error == nil ? result : nil, error: error))
            turn.records.append(.taskEnded(ended))
        }
        turn.records += step.trials.map(JournalRecord.trial)
        let end = JobEnd(
            state: step.conclusion?.error == nil ? "succeeded" : "failed", endedAt: WallClock.milliseconds,
            result: CanonicalJSON.encode(step.conclusion?.result ?? JobResult(resultHash: "", tasks: trials.count, failed: 0)),
            errorCode: step.conclusion?.error?.code, errorMessage: step.conclusion?.error?.message)
        turn.records.append(.jobEnded(record.id, end))
        uids[record.uid] = (record.id, record.specHash)
        recentEnds.remember("\(record.id)", end.state)
        turn.answers.append(reply.answer(AcceptedJob(view: JobView(JobSummary(record: record, end: end)), isNew: true)))
        logger.info("study imported", metadata: ["job.id": "\(record.id)", "study.trials": "\(trials.count)"])
    }
}
