import Logging
import Scheduling
import Specs
import SwiftProtobuf
import Wire

extension HeadLoop {
    /// Takes up the jobs that had not ended when the head before this one stopped: rebuilds their plans from the recorded
    /// results. Nothing that is recorded runs again.
    func recover(_ openJobs: [Recovery.OpenJob], admission: Admission) throws {
        let now = MonotonicClock.now
        var turn = Turn()
        for open in openJobs {
            do {
                try recover(open, admission: admission, at: now, &turn)
            } catch let error as SpecErrors {
                fail(open.record, ErrorView(code: "E_RECOVERY", message: "the recorded spec cannot be read: \(error)"), &turn)
            } catch let error as ClusterError {
                fail(open.record, ErrorView(error), &turn)
            }
        }
        for open in openJobs where !open.record.after.isEmpty {
            try wait(open.record.id, for: open.record.after, ended: admission.endState, at: now, &turn)
        }
        try journal.commit(turn.records, term: term)
    }

    private func recover(_ open: Recovery.OpenJob, admission: Admission, at now: Instant, _ turn: inout Turn) throws {
        let record = open.record
        let admitted = try admission.admitted(record, JobSpec.parse(text: record.spec, file: nil))
        var job = OpenJob(record: record, spec: admitted.spec, plan: admitted.plan(record.id))
        job.checkpoints = outputs.store.checkpoints(of: record.id)
        var steps = [job.plan.start()]
        var restored: [RestoredTask] = []
        for task in open.tasks.sorted(by: { $0.task < $1.task }) {
            restored.append(RestoredTask(index: task.task.index, succeeded: task.end == .succeeded))
            job.count(task.end, of: task.task.index)
            let result = task.end == .succeeded ? try? ProtoTaskResult(serializedBytes: task.result) : nil
            let error = task.errorCode.map { ErrorView(code: $0, message: task.errorMessage ?? "") }
            steps.append(job.plan.ended(task.task.index, task.end, result: result, error: error))
        }
        jobs[record.id] = job
        uids[record.uid] = (record.id, record.specHash)
        apply(.submit(admitted.submission(record.id, now: now, wallClock: WallClock.milliseconds)), at: now, &turn)
        apply(.append(record.id, steps.flatMap(\.tasks)), at: now, &turn)
        apply(.restore(record.id, restored), at: now, &turn)
        if open.isPaused {
            jobs[record.id]?.isPaused = true
            apply(.hold(record.id, .paused), at: now, &turn)
        }
        for step in steps { follow(PlanStep(trials: step.trials, conclusion: step.conclusion), of: record.id, at: now, &turn) }
    }

    private func fail(_ record: JobRecord, _ error: ErrorView, _ turn: inout Turn) {
        logger.error("job cannot be recovered", metadata: ["job.id": "\(record.id)", "error.code": "\(error.code)"])
        turn.records.append(
            .jobEnded(
                record.id,
                JobEnd(state: "failed", endedAt: WallClock.milliseconds, errorCode: error.code, errorMessage: error.message)))
    }
}
