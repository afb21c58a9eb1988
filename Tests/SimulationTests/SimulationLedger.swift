import Scheduling

/// An independent account of what one head has said, against which every step is checked. It knows nothing of how the
/// scheduler works, only what may follow from what.
struct SimulationLedger {
    /// The latest attempt of a task, as far as this head has named, adopted or decided one.
    struct Latest {
        var attempt: Attempt
        var worker: WorkerID
        /// Loss of the worker raises its number, which ends what it held.
        var life: Int
        /// A second attempt may be named: this one failed, was lost, or was told to stop for its timeout.
        var isExcused = false
        var isDecided = false
    }

    let term: Int64
    private(set) var latest: [TaskID: Latest] = [:]
    /// Tasks whose latest attempt was at some time on the worker: those that still are, and some that are not.
    private var heldBy: [WorkerID: [TaskID]] = [:]
    private(set) var over: Set<TaskID> = []
    private var appended: [JobID: Set<Int32>] = [:]
    private var openJobs: [JobID] = []
    private var lives: [WorkerID: Int] = [:]
    private var known: Set<WorkerID> = []
    /// I8: how often each task may have begun because of what this head saw: its first attempt here, unless a running one was
    /// taken over, and one more for each loss of its worker, each retry and each attempt stopped for its timeout.
    private(set) var budget: [TaskID: Int] = [:]
    /// Counted for the checks of coverage.
    private(set) var marks: [String: Int] = [:]

    private let leaseMilliseconds: Int64
    /// The last sign of life of each worker, by the head's own clock.
    private var heard: [WorkerID: Instant] = [:]
    /// Workers whose lease ended since they were asked for.
    private var silent: [WorkerID] = []

    init(term: Int64, leaseMilliseconds: Int64) { (self.term, self.leaseMilliseconds) = (term, leaseMilliseconds) }

    mutating func hear(_ worker: WorkerID, at now: Instant) { heard[worker] = now }

    mutating func takeSilent() -> [WorkerID] {
        defer { silent = [] }
        return silent
    }

    /// Checks one input and what the scheduler made of it at `now`; returns a sentence for the first rule that is broken.
    /// `totals` are looked at when asked for.
    mutating func check(
        _ input: Input, _ output: Output, _ scheduler: Scheduler, at now: Instant, wereKnown: Bool, totals: Bool
    ) -> String? {
        note(input, at: now)
        if let broken = checkLosses(input, scheduler, at: now) { return broken }
        if let broken = checkVerdicts(input, output, wereKnown: wereKnown) { return broken }
        if let broken = checkEnds(input, output) { return broken }
        if let broken = checkCommands(input, output) { return broken }
        return (totals ? checkTotals(scheduler) : nil) ?? checkRoom(input, output, scheduler)
    }

    // MARK: - What the input changes

    private mutating func note(_ input: Input, at now: Instant) {
        switch input {
        case .register(let worker, _), .heartbeat(let worker), .report(let worker, _): heard[worker] = now
        default: break
        }
        switch input {
        case .submit(let submission) where appended[submission.job] == nil:
            appended[submission.job] = []
            openJobs.append(submission.job)
        case .append(let job, let batches):
            for batch in batches {
                switch batch {
                case .range(let range): appended[job]?.formUnion(range)
                case .dependent(let index, on: _): appended[job]?.insert(index)
                }
            }
        case .restore(let job, let tasks):
            for task in tasks { over.insert(TaskID(job: job, index: task.index)) }
        case .end(let job), .cancel(let job): openJobs.removeAll { $0 == job }
        case .register(let worker, _): known.insert(worker)
        default: break
        }
    }

    /// Workers that the scheduler gave up end what they held; only silence, or word of their going, may bring that about.
    private mutating func checkLosses(_ input: Input, _ scheduler: Scheduler, at now: Instant) -> String? {
        switch input {
        case .tick, .gone: break
        default: return nil
        }
        guard scheduler.workerCount != known.count else { return nil }
        let gone = known.filter { !scheduler.knows($0) }.sorted()
        known.subtract(gone)
        for worker in gone {
            for task in takeHeld(by: worker) where latest[task]?.life == lives[worker, default: 0] {
                budget[task, default: 0] += 1
            }
            lives[worker, default: 0] += 1
            if case .gone = input {
                mark("worker left")
                continue
            }
            mark("lease ended")
            silent.append(worker)
            if let last = heard[worker], now.milliseconds(since: last) < leaseMilliseconds {
                return "I17: worker \(worker) was given up \(now.milliseconds(since: last)) ms after its last sign of life"
            }
        }
        if case .gone(let worker, planned: _) = input, gone.contains(where: { $0 != worker }) {
            return "a worker was given up because another one left"
        }
        return nil
    }

    // MARK: - I4, I5: verdicts

    private mutating func checkVerdicts(_ input: Input, _ output: Output, wereKnown: Bool) -> String? {
        guard case .report(let worker, let reports) = input else {
            return output.verdicts.isEmpty ? nil : "verdicts without reports"
        }
        guard output.verdicts.count == reports.count else { return "\(reports.count) reports, \(output.verdicts.count) verdicts" }
        for (report, verdict) in zip(reports, output.verdicts) {
            let (task, attempt) = (report.attempt.task, report.attempt.attempt)
            let current = latest[task]
            mark("\(verdict) \(attempt.term < term ? "of an older term" : "")")
            guard verdict != .fenced else {
                if output.ended.contains(where: { $0.task == task && $0.attempt == attempt }) {
                    return "I5: \(report.attempt) was fenced, and yet ended its task"
                }
                if let current, current.attempt == attempt, current.worker == worker, wereKnown, !current.isDecided,
                    !current.isExcused, current.life == lives[worker, default: 0], !over.contains(task),
                    openJobs.contains(task.job)
                {
                    return "I5: \(report.attempt) is current on worker \(worker), and was fenced"
                }
                continue
            }
            if over.contains(task) { return "I5/I9: \(report.attempt) was \(verdict), but the task is over" }
            if let current {
                if current.attempt != attempt { return "I5: \(report.attempt) was \(verdict), but \(current.attempt) is current" }
                if current.isDecided { return "I4: \(report.attempt) was \(verdict) a second time" }
            } else if attempt.term >= term {
                return "I5: \(report.attempt) was \(verdict), but was never named"
            }
            if verdict == .retried { budget[task, default: 0] += 1 }
            let ended = output.ended.filter { $0.task == task && $0.attempt == attempt }.count
            if ended != (verdict == .accepted ? 1 : 0) { return "I4: \(report.attempt) was \(verdict), and ended \(ended) times" }
            latest[task] = Latest(
                attempt: attempt, worker: worker, life: lives[worker, default: 0], isExcused: true, isDecided: true)
        }
        return nil
    }

    // MARK: - I9: terminal states

    private mutating func checkEnds(_ input: Input, _ output: Output) -> String? {
        for ended in output.ended {
            mark("task \(ended.end)")
            if appended[ended.task.job]?.contains(ended.task.index) != true { return "I3: unknown task \(ended.task) ended" }
            guard over.insert(ended.task).inserted else { return "I9: \(ended.task) was over, and ended as \(ended.end)" }
            if ended.end == .cancelled { continue }
            if let current = latest[ended.task], let attempt = ended.attempt, current.attempt != attempt {
                return "I5: \(ended.task) ended by \(attempt), but \(current.attempt) is current"
            }
        }
        return nil
    }

    // MARK: - I8: the budget of executions

    private mutating func checkCommands(_ input: Input, _ output: Output) -> String? {
        if case .register(let worker, let registration) = input { takeInventory(worker, registration, output) }
        for command in output.commands {
            switch command {
            case .stop(_, let name, let reason):
                mark("stop \(reason)")
                if reason == .timedOut, latest[name.task]?.attempt == name.attempt {
                    latest[name.task]?.isExcused = true
                    budget[name.task, default: 0] += 1
                }
            case .assign(let worker, let attempts):
                for name in attempts {
                    if let broken = checkAssignment(name, to: worker) { return broken }
                }
            case .dismiss: mark("dismissed")
            }
        }
        return nil
    }

    private mutating func checkAssignment(_ name: TaskAttempt, to worker: WorkerID) -> String? {
        if over.contains(name.task) { return "I9: \(name) was assigned, but the task is over" }
        if !known.contains(worker) { return "\(name) was assigned to worker \(worker), which is not registered" }
        if name.attempt.term != term { return "\(name) was assigned in term \(term)" }
        if let current = latest[name.task] {
            if name.attempt <= current.attempt { return "attempt \(name) was named again" }
            if !current.isExcused, current.life == lives[current.worker, default: 0] {
                return "I8: \(name) was assigned although nothing had happened to \(current.attempt)"
            }
        }
        if latest[name.task] == nil { budget[name.task, default: 0] += 1 }
        hold(name, by: worker)
        return nil
    }

    /// What a worker holds and is not told to stop is current there from now on; what it does not hold is lost.
    private mutating func takeInventory(_ worker: WorkerID, _ registration: Registration, _ output: Output) {
        var stopped: Set<TaskAttempt> = []
        for case .stop(_, let name, _) in output.commands { stopped.insert(name) }
        let holding = Set(registration.holding)
        for task in takeHeld(by: worker) {
            guard let entry = latest[task] else { continue }
            if !holding.contains(TaskAttempt(task: task, attempt: entry.attempt)) { latest[task]?.isExcused = true }
            heldBy[worker, default: []].append(task)
        }
        for name in registration.holding where !stopped.contains(name) {
            if latest[name.task]?.attempt != name.attempt || latest[name.task]?.life != lives[worker, default: 0] {
                mark("adopted \(name.attempt.term < term ? "of an older term" : "after a silence")")
            }
            hold(name, by: worker)
        }
    }

    private mutating func hold(_ name: TaskAttempt, by worker: WorkerID) {
        latest[name.task] = Latest(attempt: name.attempt, worker: worker, life: lives[worker, default: 0])
        heldBy[worker, default: []].append(name.task)
        guard let count = heldBy[worker]?.count, count > 1_024, count.nonzeroBitCount == 1 else { return }
        heldBy[worker] = Array(takeHeld(by: worker))
    }

    /// The tasks whose latest attempt is on the worker and not decided, each once.
    private mutating func takeHeld(by worker: WorkerID) -> Set<TaskID> {
        let tasks = heldBy.removeValue(forKey: worker) ?? []
        return Set(tasks.filter { latest[$0]?.worker == worker && latest[$0]?.isDecided == false })
    }

    // MARK: - I3, I12: conservation

    private func checkTotals(_ scheduler: Scheduler) -> String? {
        for job in openJobs {
            guard let counts = scheduler.counts(of: job) else { return "I3: open job \(job) is unknown" }
            if counts.total != appended[job]?.count {
                return "I3: job \(job) has \(appended[job]?.count ?? 0) tasks, their states add up to \(counts.total)"
            }
        }
        return nil
    }

    /// Of the workers that the step was about; the others are as they were.
    private func checkRoom(_ input: Input, _ output: Output, _ scheduler: Scheduler) -> String? {
        var touched: [WorkerID] = []
        switch input {
        case .register(let worker, _), .report(let worker, _), .drain(let worker): touched.append(worker)
        default: break
        }
        for command in output.commands {
            switch command {
            case .assign(let worker, _), .stop(let worker, _, _), .dismiss(let worker): touched.append(worker)
            }
        }
        for id in touched {
            guard let worker = scheduler.worker(id) else { continue }
            if worker.inUse.milliCPU < 0 || worker.inUse.memory < 0 || !worker.inUse.fits(in: worker.capacity) {
                return "I12: worker \(id) has \(worker.inUse) in use of \(worker.capacity)"
            }
        }
        return nil
    }

    mutating func mark(_ name: String) { marks[name, default: 0] += 1 }
}
