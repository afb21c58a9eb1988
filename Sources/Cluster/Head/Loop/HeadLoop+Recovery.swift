import Diagnostics
import Logging
import MarketData
import Scheduling
import Specs
import SwiftProtobuf
import Wire

extension HeadLoop {
    /// Results read at once.
    private static let page = 5_000

    /// Takes up the jobs that had not ended when the head before this one stopped: rebuilds their plans from the recorded
    /// results. Nothing that is recorded runs again.
    func recover(_ openJobs: [Recovery.OpenJob], admission: Admission) throws {
        let now = surroundings.now()
        var turn = Turn()
        CrashPoint.headRecoveryBegun.reached()
        for open in openJobs {
            do {
                try recover(open, admission: admission, at: now, &turn)
                CrashPoint.headJobRecovered.reached()
            } catch let error as SpecErrors {
                fail(open.record, ErrorView(code: "E_RECOVERY", message: "the recorded spec cannot be read: \(error)"), &turn)
            } catch let error as ClusterError {
                fail(open.record, ErrorView(error), &turn)
            } catch let error as MarketDataError {
                // The dataset is gone or damaged.
                fail(open.record, ErrorView(error), &turn)
            }
        }
        for open in openJobs where !open.record.after.isEmpty {
            try wait(
                open.record.id, for: open.record.after,
                ended: { [recentEnds] in try recentEnds["\($0)"] ?? admission.endState(of: $0) }, at: now, &turn)
        }
        try journal.commit(turn.records, term: term)
        CrashPoint.headRecovered.reached()
    }

    private func recover(_ open: Recovery.OpenJob, admission: Admission, at now: Instant, _ turn: inout Turn) throws {
        let record = open.record
        let admitted = try admission.admitted(record, JobSpec.parse(text: record.spec, file: nil))
        var job = OpenJob(record: record, spec: admitted.spec, plan: admitted.plan(record.id), term: term)
        job.checkpoints = outputs.store.checkpoints(of: record.id)
        let recorded = job.plan.readsTrials ? RecordedTrials(try journal.trials(of: record.id)) : .none
        var step = job.plan.start(recorded)
        step.append(try restore(open, into: &job))
        jobs[record.id] = job
        uids[record.uid] = (record.id, record.specHash)
        apply(.submit(admitted.submission(record.id, now: now, wallClock: WallClock.milliseconds)), at: now, &turn)
        add(step.tasks, to: record.id, at: now, &turn)
        jobs[record.id]?.desk?.restored(at: now)
        let restored = open.ended.flatMap { range in
            range.indices.map { RestoredTask(index: $0, succeeded: range.end == .succeeded) }
        }
        if job.desk == nil { apply(.restore(record.id, restored), at: now, &turn) }
        if open.isPaused {
            jobs[record.id]?.isPaused = true
            apply(.hold(record.id, .paused), at: now, &turn)
        }
        // What is known is recorded already, unless it became known only now.
        let finished = Set(open.ended.flatMap(\.indices))
        let known = step.known.filter { task in !finished.contains(task.index) }
        follow(PlanStep(trials: step.trials, known: known, conclusion: step.conclusion), of: record.id, at: now, &turn)
    }

    /// Tells the plan what has ended: results a page at a time when it needs them, and ranges when it does not.
    private func restore(_ open: Recovery.OpenJob, into job: inout OpenJob) throws -> PlanStep {
        var step = PlanStep()
        for range in open.ended { job.count(range.end, tasks: range.indices.count) }
        guard job.plan.readsResults else {
            var error: ErrorView?
            for range in open.ended {
                if range.end != .succeeded, error == nil {
                    error = try journal.task(TaskID(job: open.record.id, index: range.indices.lowerBound)).flatMap(Self.error)
                }
                step.append(job.plan.restored(range, error: error))
            }
            return step
        }
        var after: Int32 = -1
        while true {
            let page = try journal.tasks(of: open.record.id, after: after, limit: Self.page)
            for task in page {
                job.desk?.close(task.task.index, by: task.attempt)
                let result = task.end == .succeeded ? try? ProtoTaskResult(serializedBytes: task.result) : nil
                step.append(job.plan.ended(task.task.index, task.end, result: result, error: Self.error(task)))
            }
            guard page.count == Self.page, let last = page.last else { return step }
            after = last.task.index
        }
    }

    private static func error(_ task: TaskRecord) -> ErrorView? {
        task.errorCode.map { ErrorView(code: $0, message: task.errorMessage ?? "") }
    }

    private func fail(_ record: JobRecord, _ error: ErrorView, _ turn: inout Turn) {
        recentEnds.remember("\(record.id)", "failed")
        logger.error("job cannot be recovered", metadata: ["job.id": "\(record.id)", "error.code": "\(error.code)"])
        turn.records.append(
            .jobEnded(
                record.id,
                JobEnd(state: "failed", endedAt: WallClock.milliseconds, errorCode: error.code, errorMessage: error.message)))
    }
}
