import Scheduling

/// What must hold when everything has healed and all jobs are over.
extension Simulation {
    var isIdle: Bool {
        guard let head, head.outage == nil, head.scheduler.workers.allSatisfy({ $0.assigned == 0 }) else { return false }
        return workers.values.allSatisfy { $0.agenda.isIdle }
    }

    var openJobs: String {
        plans.filter { journal.jobs[$0.submission.job]?.isOver != true }.map { plan in
            "\(plan.submission.job) \(head?.scheduler.counts(of: plan.submission.job).map { "\($0)" } ?? "unknown")"
        }.joined(separator: ", ")
    }

    func checkEnd() {
        guard let head else { return fail("I21: there is no head") }
        checkAcknowledged()
        if let broken = head.scheduler.inconsistencies().first { fail("I3/I12: \(broken)") }
        if head.scheduler.queuedCount != 0 || head.scheduler.assignedCount != 0 { fail("I3: tasks are left over") }
        for worker in head.scheduler.workers where worker.inUse != .zero || worker.assigned != 0 {
            let process = head.identities[worker.id].flatMap { head.connections[$0]?.boot }.flatMap { workers[$0] }
            let held = process.map { "\($0.agenda.holding), runs \($0.agenda.running)" } ?? "gone"
            fail("I12: worker \(worker.id) still has \(worker.inUse) in use for \(worker.assigned) attempts; it holds \(held)")
        }
        for (_, worker) in workers where !worker.agenda.isIdle { fail("a worker still holds \(worker.agenda.holding)") }
        for plan in plans { checkEnds(of: plan) }
        for (task, count) in result.executions.sorted(by: { $0.key < $1.key }) where count > budget[task, default: 0] {
            fail("I8: task \(task) began \(count) times, and there are reasons for \(budget[task, default: 0])")
        }
    }

    private func checkEnds(of plan: SimulatedPlan) {
        guard let job = journal.jobs[plan.submission.job] else { return fail("I1: job \(plan.submission.job) was lost") }
        for index in Int32(0)..<Int32(plan.behaviours.count) {
            let task = TaskID(job: plan.submission.job, index: index)
            guard let end = job.ends[index]?.end else {
                if !job.wasCancelled { fail("I3: task \(task) never ended") }
                continue
            }
            result.ends[task] = end
            let behaviour = plan.behaviours[Int(index)]
            if end == .succeeded, behaviour != .normal, behaviour != .flaky {
                fail("task \(task) is \(behaviour), and succeeded")
            }
            if end == .quarantined { mark("quarantined \(behaviour)") }
            if end == .cancelled, !job.wasCancelled,
                plan.dependencies[index]?.allSatisfy({ job.ends[$0]?.end == .succeeded }) ?? true
            {
                fail("task \(task) was cancelled without a reason")
            }
            if end != .cancelled, let needed = plan.dependencies[index], !needed.allSatisfy({ job.ends[$0]?.end == .succeeded }) {
                fail("task \(task) ran although a task it depends on did not succeed")
            }
        }
    }
}
