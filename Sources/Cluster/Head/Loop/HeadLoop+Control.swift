import Diagnostics
import Scheduling

extension HeadLoop {
    /// Does what a user asks of a job; answered, when that is durable, with the job as it is then. A job that has ended is left as it
    /// is; the answer shows how.
    func control(_ id: JobID, _ control: JobControl, _ reply: Reply<JobView>, at now: Instant, _ turn: inout Turn) {
        guard outage == nil else { return reply.fail(ClusterError.unavailable()) }
        // A job that only waits for its model to be registered has done its work.
        if jobs[id]?.isRegistering == false {
            switch control {
            case .cancel: cancel(id, at: now, &turn)
            case .cancelTask(let index):
                guard scheduler.hasTask(TaskID(job: id, index: index)) else {
                    return reply.fail(ClusterError.taskUnknown(TaskID(job: id, index: index)))
                }
                apply(.cancelTasks(id, [index..<index + 1]), at: now, &turn)
            case .pause: setPaused(id, true, at: now, &turn)
            case .resume: setPaused(id, false, at: now, &turn)
            }
        }
        turn.answers.append(Turn.Answer(done: { [board] in board.lookUp(id, reply.finish) }, failed: reply.fail))
    }

    /// Cancels every open job that carries the label; answered with their numbers.
    func cancel(labelled label: JobLabel, _ reply: Reply<[JobID]>, at now: Instant, _ turn: inout Turn) {
        guard outage == nil else { return reply.fail(ClusterError.unavailable()) }
        let found = jobs.values.filter { !$0.isRegistering && $0.labels[label.key] == label.value }.map(\.record.id).sorted()
        for id in found { cancel(id, at: now, &turn) }
        turn.answers.append(reply.answer(found))
    }

    func explain(_ id: JobID, _ reply: Reply<ExplanationView>) {
        guard let explanation = scheduler.explain(id) else { return reply.fail(ClusterError.jobNotOpen(id)) }
        reply.succeed(ExplanationView(id, explanation))
    }

    private func setPaused(_ id: JobID, _ isPaused: Bool, at now: Instant, _ turn: inout Turn) {
        guard jobs[id]?.isPaused != isPaused else { return }
        jobs[id]?.isPaused = isPaused
        turn.records.append(.jobPaused(id, isPaused))
        turn.changed = true
        apply(isPaused ? .hold(id, .paused) : .release(id, .paused), at: now, &turn)
        CrashPoint.headJobPaused.reached()
    }
}
