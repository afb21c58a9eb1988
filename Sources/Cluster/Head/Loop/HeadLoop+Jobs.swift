import Diagnostics
import Foundation
import Logging
import Scheduling
import Specs
import SwiftProtobuf
import Wire

extension HeadLoop {
    func submit(_ admitted: AdmittedJob, _ reply: Reply<AcceptedJob>, at now: Instant, _ turn: inout Turn) {
        guard outage == nil else { return reply.fail(ClusterError.unavailable()) }
        let uid = admitted.record.uid
        if let known = uids[uid] {
            guard known.specHash == admitted.record.specHash else {
                return reply.fail(ClusterError.uidConflict(uid, known: known.specHash, given: admitted.record.specHash))
            }
            // Answered from the store, after this turn's commit has made sure that it is there.
            let done = { @Sendable [board] in
                board.lookUp(known.job) { found in reply.finish(found.map { AcceptedJob(view: $0, isNew: false) }) }
            }
            turn.answers.append(Turn.Answer(done: done, failed: reply.fail))
            return
        }
        // Without workers nobody knows yet what there will be.
        if let error = ClusterError.unsatisfiable(scheduler.satisfiability(of: admitted.spec.demand)) { return reply.fail(error) }
        var record = admitted.record
        record.id = nextJob
        var job = OpenJob(record: record, spec: admitted.spec, plan: admitted.plan(record.id), term: term)
        if let error = deadlineError(of: job) { return reply.fail(error) }
        nextJob = JobID(nextJob.rawValue + 1)
        uids[uid] = (record.id, record.specHash)
        let step = job.plan.start()
        jobs[record.id] = job
        turn.records.append(.jobSubmitted(record))
        turn.changed = true
        let accepted = AcceptedJob(view: JobView(JobSummary(record: record, end: nil)), isNew: true)
        turn.answers.append(reply.answer(accepted))
        let submission = admitted.submission(record.id, now: now, wallClock: WallClock.milliseconds)
        apply(.submit(submission), at: now, &turn)
        wait(record.id, for: record.after, ended: { [recentEnds] in recentEnds["\($0)"] }, at: now, &turn)
        follow(step, of: record.id, at: now, &turn)
        CrashPoint.headJobAccepted.reached()
        logger.info("job accepted", metadata: ["job.id": "\(record.id)", "job.kind": "\(record.kind)"])
    }

    func cancel(_ id: JobID, at now: Instant, _ turn: inout Turn) {
        conclude(id, JobEnd(state: "cancelled", endedAt: WallClock.milliseconds), at: now, &turn, by: .cancel(id))
        CrashPoint.headJobCancelled.reached()
    }

    /// That a job cannot be done in time, as far as anybody can tell: nil when nothing is known of how long its tasks take.
    private func deadlineError(of job: OpenJob) -> ClusterError? {
        guard let finish = job.spec.scheduling.finishBefore, let mean = usualRunMicroseconds[job.record.name] else { return nil }
        let slots = max(1, scheduler.slots(of: job.spec.demand))
        let needed = Int64(job.plan.taskCount) * mean / 1_000 / Int64(slots)
        let earliest = WallClock.milliseconds + needed
        guard earliest > finish else { return nil }
        return ClusterError.deadlineMissed(
            finish, tasks: job.plan.taskCount, mean: mean / 1_000, slots: slots, earliest: earliest)
    }

    /// A task is over: journal it, tell the plan, and do what the plan says follows.
    func end(_ ended: EndedTask, details: [TaskAttempt: ProtoReport], worker: String, at now: Instant, _ turn: inout Turn) {
        let id = ended.task.job
        // Tasks of a job that has ended are dropped with it; the job's own record says so.
        guard jobs[id] != nil else { return }
        let report = ended.attempt.flatMap { details[TaskAttempt(task: ended.task, attempt: $0)] }
        var record = TaskRecord(task: ended.task, end: ended.end, attempt: ended.attempt, worker: worker)
        var result: ProtoTaskResult?
        if let report {
            record.ranMicroseconds = max(0, report.ranMicroseconds)
            if ended.end == .succeeded {
                record.result = [UInt8](report.result)
                result = record.result.isEmpty ? ProtoTaskResult() : try? ProtoTaskResult(serializedBytes: report.result)
            } else if report.outcome != .cancelled {
                // One that was stopped only says so; why is known here.
                record.errorCode = String(report.errorCode.prefix(64))
                record.errorMessage = String(report.errorMessage.prefix(2_000))
            }
        }
        if ended.end == .succeeded && result == nil {
            record.end = .failed
            record.result = []
            record.errorCode = "E_DECODE"
            record.errorMessage = "the task's result cannot be read"
        } else if ended.end != .succeeded && record.errorCode == nil {
            (record.errorCode, record.errorMessage) = Self.defaultError(ended)
        }
        settle(record, result, at: now, &turn)
    }

    /// Journals the end of a task, tells the plan and does what the plan says follows.
    func settle(_ record: TaskRecord, _ result: ProtoTaskResult?, at now: Instant, _ turn: inout Turn) {
        let (id, index) = (record.task.job, record.task.index)
        turn.records.append(.taskEnded(record))
        let error = record.errorCode.map { ErrorView(code: $0, message: record.errorMessage ?? "") }
        jobs[id]?.count(record.end, of: index)
        guard let step = jobs[id]?.plan.ended(index, record.end, result: result, error: error) else { return }
        follow(step, of: id, at: now, &turn)
    }

    private static func defaultError(_ ended: EndedTask) -> (String, String) {
        switch (ended.end, ended.cause) {
        case (.quarantined, _): ("E_QUARANTINED", "three workers died while they ran it")
        case (.cancelled, .asked): ("E_CANCELLED", "it was cancelled")
        case (.failed, .gang): ("E_GANG", "another member of its gang did not succeed")
        case (.cancelled, .gang): ("E_CANCELLED", "another member of its gang was cancelled")
        case (.cancelled, _): ("E_CANCELLED", "a task it depends on did not succeed")
        case (_, .queuedTooLong): ("E_QUEUE_TIMEOUT", "no attempt began within the job's queueTimeout")
        case (_, .tookTooLong): ("E_TOTAL_TIMEOUT", "it was not over within the job's totalTimeout")
        default: ("E_TIMEOUT", "its attempts ran out of time")
        }
    }

    /// Does what a plan says comes next.
    func follow(_ step: PlanStep, of id: JobID, at now: Instant, _ turn: inout Turn) {
        for trial in step.trials { turn.records.append(.trial(trial)) }
        record(step.known, of: id, &turn)
        if !step.tasks.isEmpty { add(step.tasks, to: id, at: now, &turn) }
        if let conclusion = step.conclusion { conclude(id, conclusion, at: now, &turn) }
    }

    /// Gives tasks to the scheduler, or to the desk of a study whose trials are evaluated outside.
    func add(_ tasks: [TaskBatch], to id: JobID, at now: Instant, _ turn: inout Turn) {
        guard jobs[id]?.desk != nil else {
            apply(.append(id, tasks), at: now, &turn)
            return
        }
        for case .range(let trials) in tasks { jobs[id]?.desk?.add(trials) }
    }

    private func conclude(_ id: JobID, _ conclusion: PlanConclusion, at now: Instant, _ turn: inout Turn) {
        guard let job = jobs[id], !job.isRegistering else { return }
        guard let registration = conclusion.registration else {
            return conclude(id, conclusion.result, conclusion.error, at: now, &turn)
        }
        jobs[id]?.isRegistering = true
        registrations.async { [registrar, board, mailbox] in
            var result = conclusion.result
            var failure: ErrorView?
            do {
                try Patience.whileUnavailable(giveUp: { board.isStopping }) {
                    try registrar.register(registration, job: job.record, into: &result)
                }
                CrashPoint.headModelRegistered.reached()
            } catch let error as any DiagnosticError {
                failure = ErrorView(error)
            } catch {
                failure = ErrorView(code: "E_REGISTER", message: "the model cannot be registered: \(error)")
            }
            mailbox.post([.registered(id, result, failure)])
        }
    }

    /// The job's model is registered, or its work is done but nothing came of it.
    func registered(_ id: JobID, _ result: JobResult, _ error: ErrorView?, at now: Instant, _ turn: inout Turn) {
        // A head that stops leaves the job open: the next one registers the same version.
        guard jobs[id] != nil, !board.isStopping else { return }
        conclude(id, result, error, at: now, &turn)
    }

    private func conclude(_ id: JobID, _ result: JobResult, _ error: ErrorView?, at now: Instant, _ turn: inout Turn) {
        let end = JobEnd(
            state: error == nil ? "succeeded" : "failed", endedAt: WallClock.milliseconds, result: CanonicalJSON.encode(result),
            errorCode: error?.code, errorMessage: error?.message)
        conclude(id, end, at: now, &turn, by: .end(id))
    }

    func conclude(_ id: JobID, _ end: JobEnd, at now: Instant, _ turn: inout Turn, by input: Input) {
        close(id, end, at: now, &turn, by: input)
        settleDependents(of: id, state: end.state, at: now, &turn)
    }

    /// Ends a job; what depends on it is for the caller.
    func close(_ id: JobID, _ end: JobEnd, at now: Instant, _ turn: inout Turn, by input: Input) {
        guard let job = jobs.removeValue(forKey: id) else { return }
        if let mean = scheduler.meanRunMicroseconds(of: id) { usualRunMicroseconds.remember(job.record.name, mean) }
        turn.records.append(.jobEnded(id, end))
        turn.events.append(HeadEvent(.jobEnded, id, cause: end.errorCode ?? end.state))
        turn.ended[id] = JobView(JobSummary(record: job.record, end: end))
        turn.changed = true
        recentEnds.remember("\(id)", end.state)
        apply(input, at: now, &turn)
        sessions.forget(id)
        CrashPoint.headJobClosed.reached()
        logger.info("job ended", metadata: ["job.id": "\(id)", "job.state": "\(end.state)"])
    }
}
