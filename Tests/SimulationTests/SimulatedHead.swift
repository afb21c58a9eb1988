import Scheduling

/// A head process: the real scheduler in a modelled loop. It handles all that waits, commits, and only then sends; a crash
/// in between loses what was not committed, or what was not sent.
final class SimulatedHead {
    enum Inbound {
        case packet(PacketToHead)
        case connectionLost(boot: Int)
        case client(Int)
    }

    struct Connection {
        var worker: WorkerID
        /// The process behind it, as far as the network goes.
        var boot: Int
        var inbox = SessionInbox()
        var outbox = SessionOutbox(session: 0)
    }

    let incarnation: Int
    let term: Int64
    /// Which of the addresses that workers know is its own.
    let slot: Int
    let clock: SimulatedClock
    /// A mistake made on purpose, which the rules must notice.
    let mutant: SimulationMutant?
    private let checkEvery: Int
    var scheduler: Scheduler
    var ledger: SimulationLedger
    var inbox: [Inbound] = []
    var deadline: Instant?
    var nextTurn: Int64?
    var busyUntil: Int64 = 0
    /// A turn that was handled and not written when the process was stopped.
    var stalled: SimulatedTurn?
    var outage: SimulatedOutage?
    /// By how much the wall clock is off.
    var wallOffset: Int64 = 0

    var turn = SimulatedTurn()
    var connections: [Int: Connection] = [:]
    /// What each process calls itself.
    var identityOf: [Int: Int] = [:]
    /// Workers whose results were not taken while the store was away, and that have not shown them again.
    var owing: Set<Int> = []
    var identities: [WorkerID: Int] = [:]
    var workersNamed: Int32 = 0
    var registering: WorkerID?
    /// Forgotten by a mistaken head, which takes their silence for life.
    var pruned: [WorkerID] = []
    /// Processes whose lease ended by silence in the last turn.
    private(set) var silent: [Int] = []
    /// Answers that stand outside of all sessions.
    var refusals: [PacketToWorker] = []

    private var isFirstTurn = true
    private var submissions: [JobID: JobSubmission] = [:]
    private var appended: [JobID: Int] = [:]
    private var open: [JobID] = []
    private var steps = 0
    var violation: String?
    private(set) var trace: UInt64 = 0

    init(
        incarnation: Int, slot: Int, configuration: SchedulerConfiguration, clock: SimulatedClock, checkEvery: Int,
        mutant: SimulationMutant?, now: Int64
    ) {
        (self.incarnation, self.slot, self.clock, self.checkEvery, self.mutant) = (incarnation, slot, clock, checkEvery, mutant)
        term = configuration.term
        scheduler = Scheduler(configuration: configuration, now: clock.reading(at: now))
        ledger = SimulationLedger(term: term, leaseMilliseconds: configuration.leaseMilliseconds)
    }

    /// Folds the journal into the fresh scheduler.
    func recover(_ journal: SimulatedJournal, now: Int64) {
        for id in journal.order {
            guard let job = journal.jobs[id], !job.isOver else { continue }
            submissions[id] = job.submission
            appended[id] = job.appends.count
            open.append(id)
            var submission = job.submission
            if mutant == .rescueForgetsTheTimeout { submission.timeoutMilliseconds = nil }
            take(.submit(submission), now)
            for batches in job.appends { take(.append(id, batches), now) }
            let restored = EndedRange.merged(job.ranges).flatMap { range in
                range.indices.map { RestoredTask(index: $0, succeeded: range.end == .succeeded) }
            }
            take(.restore(id, restored), now)
        }
    }

    /// Handles everything that waits, then the passing of time; what follows is in `turn`.
    func handleInbox(_ plans: [SimulatedPlan], _ journal: SimulatedJournal, now: Int64) {
        silent = []
        let waiting = inbox
        inbox = []
        for inbound in waiting {
            switch inbound {
            case .packet(let packet): receive(packet, now)
            case .connectionLost(let boot): lose(boot, now)
            case .client(let number): serve(plans[number], journal, now)
            }
        }
        for worker in pruned { take(.heartbeat(worker), now) }
        if let deadline, clock.time(of: deadline) <= now { take(.tick, now) }
        // A job is over by what was recorded in this turn, or by what a head before this one recorded.
        if !turn.records.isEmpty || isFirstTurn { endJobs(plans, now) }
        isFirstTurn = false
    }

    func takeTurn() -> SimulatedTurn {
        defer { turn = SimulatedTurn() }
        return turn
    }

    /// Numbers what goes to workers, as late as it is sent.
    func stamp(_ mail: [SimulatedTurn.Mail]) -> [PacketToWorker] {
        mail.compactMap { letter in
            guard var connection = connections[letter.identity] else { return nil }
            let marks = connection.outbox.next()
            connections[letter.identity] = connection
            return PacketToWorker(
                boot: connection.boot, slot: slot, session: marks.session, sequence: marks.sequence, body: letter.body)
        }
    }

    /// Ends the jobs whose plan is complete.
    private func endJobs(_ plans: [SimulatedPlan], _ now: Int64) {
        for job in open {
            guard let counts = scheduler.counts(of: job) else { continue }
            let plan = plans[Int(job.rawValue) - 1]
            if appended[job] == plan.appends.count, counts.waiting + counts.blocked + counts.assigned == 0 {
                take(.end(job), now)
                turn.records.append(.over(job, cancelled: false))
            }
        }
        open.removeAll { scheduler.counts(of: $0) == nil }
    }

    // MARK: - Clients

    private func serve(_ plan: SimulatedPlan, _ journal: SimulatedJournal, _ now: Int64) {
        let job = plan.submission.job
        // Refused while the store is away.
        if outage != nil { return ledger.mark("client refused") }
        if journal.jobs[job]?.isOver == true { return }
        if submissions[job] == nil {
            submissions[job] = plan.submission
            open.append(job)
            turn.records.append(.submitted(plan.submission))
            turn.answers.append(.submitted(job))
            take(.submit(plan.submission), now)
        }
        guard open.contains(job) else { return }
        let done = appended[job, default: 0]
        if done < plan.appends.count {
            appended[job] = done + 1
            turn.records.append(.appended(job, part: done, plan.appends[done]))
            take(.append(job, plan.appends[done]), now)
        }
        if let cancelAt = plan.cancelAt, cancelAt <= now {
            take(.cancel(job), now)
            turn.records.append(.over(job, cancelled: true))
            turn.answers.append(.cancelled(job))
            open.removeAll { $0 == job }
        }
    }

    func choices(of job: JobID) -> [Resources]? { submissions[job]?.demand.choices }

    // MARK: - The scheduler

    @discardableResult
    func take(_ input: Input, _ now: Int64) -> Output {
        guard violation == nil else { return Output() }
        let isDeep = checkEvery == 1
        var wereKnown = false
        var memories: [TaskID: String?] = [:]
        if case .report(let worker, let reports) = input {
            wereKnown = scheduler.knows(worker)
            if isDeep { for report in reports { memories[report.attempt.task] = scheduler.memory(of: report.attempt.task) } }
        }
        let instant = clock.reading(at: now)
        let read = mutant == .leasesFollowTheWallClock ? instant.advanced(byMilliseconds: wallOffset) : instant
        let output = scheduler.handle(mutant?.change(input, ledger) ?? input, at: read)
        trace = output.traced(into: trace)
        deadline = mutant == .leasesFollowTheWallClock ? output.deadline?.advanced(byMilliseconds: -wallOffset) : output.deadline
        turn.records += output.ended.map(SimulatedJournal.Record.ended)
        for command in output.commands { say(command) }
        // A heartbeat that was answered by nothing changed nothing; it is the one step that needs no look at everything.
        let isSilent = output.commands.isEmpty && output.ended.isEmpty
        if case .heartbeat(let worker) = input, isSilent, output.verdicts.isEmpty {
            ledger.hear(worker, at: instant)
            return output
        }
        steps += 1
        let isDue = steps % checkEvery == 0
        violation = ledger.check(input, output, scheduler, at: instant, wereKnown: wereKnown, totals: isDue)
        silent += ledger.takeSilent().compactMap { identities[$0].flatMap { connections[$0]?.boot } }
        if isDeep, violation == nil { violation = fencedChange(input, output, memories) }
        // Most ticks find every lease renewed; a look at everything inside is kept for steps that did something.
        if case .tick = input, isSilent, violation == nil { return output }
        if violation == nil, isDue, let broken = scheduler.inconsistencies().first { violation = "I3/I12: \(broken)" }
        if let violation { self.violation = "\(violation); on \(String("\(input)".prefix(500)))" }
        return output
    }

    /// I5: what is remembered of a task is the same before and after reports that were all fenced, unless its turn came to be
    /// assigned in the room that they freed.
    private func fencedChange(_ input: Input, _ output: Output, _ memories: [TaskID: String?]) -> String? {
        guard case .report(_, let reports) = input else { return nil }
        var fenced: [TaskID: Bool] = [:]
        for (report, verdict) in zip(reports, output.verdicts) {
            fenced[report.attempt.task] = verdict == .fenced && fenced[report.attempt.task] ?? true
        }
        var assigned: Set<TaskID> = []
        for case .assign(_, let attempts) in output.commands { assigned.formUnion(attempts.map(\.task)) }
        for report in reports where fenced[report.attempt.task] == true && !assigned.contains(report.attempt.task) {
            let (before, after) = (memories[report.attempt.task] ?? nil, scheduler.memory(of: report.attempt.task))
            if before != after {
                return "I5: \(report.attempt) was fenced and changed \(before ?? "nothing") to \(after ?? "nothing")"
            }
        }
        return nil
    }
}
