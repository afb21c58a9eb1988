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
        var inbox = SessionInbox()
        var outbox = SessionOutbox(session: 0)
    }

    let incarnation: Int
    let term: Int64
    /// A mistake made on purpose, which the rules must notice.
    let mutant: SimulationMutant?
    var scheduler: Scheduler
    var ledger: SimulationLedger
    var inbox: [Inbound] = []
    var deadline: Instant?
    var nextTurn: Int64?
    var busyUntil: Int64 = 0
    private var isFirstTurn = true

    private var connections: [Int: Connection] = [:]
    private var boots: [WorkerID: Int] = [:]
    private var workersNamed: Int32 = 0
    private var registering: WorkerID?
    private var submissions: [JobID: JobSubmission] = [:]
    private var appended: [JobID: Int] = [:]
    private var open: [JobID] = []
    private var acknowledged: [(boot: Int, attempts: [TaskAttempt])] = []
    private(set) var records: [SimulatedJournal.Record] = []
    private(set) var outgoing: [PacketToWorker] = []
    private(set) var violation: String?
    private(set) var trace: UInt64 = 0

    init(incarnation: Int, term: Int64, configuration: SchedulerConfiguration, mutant: SimulationMutant?, now: Int64) {
        self.incarnation = incarnation
        self.mutant = mutant
        self.term = term
        scheduler = Scheduler(configuration: configuration, now: Instant(nanoseconds: now * 1_000_000))
        ledger = SimulationLedger(term: term)
    }

    /// Folds the journal into the fresh scheduler.
    func recover(_ journal: SimulatedJournal, now: Int64) {
        for id in journal.order {
            guard let job = journal.jobs[id], !job.isOver else { continue }
            submissions[id] = job.submission
            appended[id] = job.appends.count
            open.append(id)
            take(.submit(job.submission), now)
            for batches in job.appends { take(.append(id, batches), now) }
            take(.restore(id, job.endOrder.map { RestoredTask(index: $0.task.index, succeeded: $0.end == .succeeded) }), now)
        }
    }

    /// Handles everything that waits, then the passing of time; what follows is in `records` and `outgoing`.
    func turn(_ plans: [SimulatedPlan], _ journal: SimulatedJournal, now: Int64) {
        let waiting = inbox
        inbox = []
        for inbound in waiting {
            switch inbound {
            case .packet(let packet): receive(packet, now)
            case .connectionLost(let boot):
                if let connection = connections[boot] { take(.gone(connection.worker, planned: false), now) }
            case .client(let number): serve(plans[number], journal, now)
            }
        }
        if let deadline, deadline.nanoseconds <= now * 1_000_000 { take(.tick, now) }
        // A job is over by what was recorded in this turn, or by what a head before this one recorded.
        if !records.isEmpty || isFirstTurn { endJobs(plans, now) }
        isFirstTurn = false
        // Acknowledged only in the messages that follow the commit.
        for (boot, attempts) in acknowledged { send(.acknowledged(attempts), to: boot) }
        acknowledged = []
    }

    /// Ends the jobs whose plan is complete.
    private func endJobs(_ plans: [SimulatedPlan], _ now: Int64) {
        for job in open {
            guard let counts = scheduler.counts(of: job), let plan = plans.first(where: { $0.submission.job == job }) else {
                continue
            }
            if appended[job] == plan.appends.count, counts.waiting + counts.blocked + counts.assigned == 0 {
                take(.end(job), now)
                records.append(.over(job, cancelled: false))
            }
        }
        open.removeAll { scheduler.counts(of: $0) == nil }
    }

    func takeRecords() -> [SimulatedJournal.Record] {
        defer { records = [] }
        return records
    }

    func takeOutgoing() -> [PacketToWorker] {
        defer { outgoing = [] }
        return outgoing
    }

    // MARK: - Clients

    private func serve(_ plan: SimulatedPlan, _ journal: SimulatedJournal, _ now: Int64) {
        let job = plan.submission.job
        if journal.jobs[job]?.isOver == true { return }
        if submissions[job] == nil {
            submissions[job] = plan.submission
            open.append(job)
            records.append(.submitted(plan.submission))
            take(.submit(plan.submission), now)
        }
        guard open.contains(job) else { return }
        let done = appended[job, default: 0]
        if done < plan.appends.count {
            appended[job] = done + 1
            records.append(.appended(job, plan.appends[done]))
            take(.append(job, plan.appends[done]), now)
        }
        if let cancelAt = plan.cancelAt, cancelAt <= now {
            take(.cancel(job), now)
            records.append(.over(job, cancelled: true))
            open.removeAll { $0 == job }
        }
    }

    // MARK: - Workers

    private func receive(_ packet: PacketToHead, _ now: Int64) {
        if case .opening(let reports, let registration, let isDraining) = packet.body {
            var connection = connections[packet.boot] ?? Connection(worker: WorkerID(workersNamed))
            guard connection.inbox.open(packet.session) == .inOrder else { return }
            if connections[packet.boot] == nil {
                boots[connection.worker] = packet.boot
                workersNamed += 1
            }
            connection.outbox = SessionOutbox(session: packet.session)
            connections[packet.boot] = connection
            send(.welcome, to: packet.boot)
            // What follows from the reports for this worker is not sent: the inventory is from before it.
            registering = connection.worker
            if !reports.isEmpty { report(reports, connection.worker, packet.boot, now) }
            registering = nil
            take(.register(connection.worker, registration), now)
            if isDraining { take(.drain(connection.worker), now) }
            return
        }
        guard var connection = connections[packet.boot] else { return askToRegister(packet) }
        let acceptance = connection.inbox.accept(session: packet.session, sequence: packet.sequence)
        connections[packet.boot] = connection
        switch acceptance {
        case .stale: return
        case .gap: return askToRegister(packet)
        case .inOrder: break
        }
        switch packet.body {
        case .opening: break
        case .heartbeat:
            take(.heartbeat(connection.worker), now)
            send(.alive, to: packet.boot)
        case .report(let reports): report(reports, connection.worker, packet.boot, now)
        case .drain: take(.drain(connection.worker), now)
        case .goodbye:
            take(.gone(connection.worker, planned: true), now)
            return
        }
        if !scheduler.knows(connection.worker) { askToRegister(packet) }
    }

    private func report(_ reports: [AttemptReport], _ worker: WorkerID, _ boot: Int, _ now: Int64) {
        take(.report(worker, reports), now)
        acknowledged.append((boot, reports.map(\.attempt)))
    }

    private func askToRegister(_ packet: PacketToHead) {
        outgoing.append(PacketToWorker(boot: packet.boot, session: packet.session, sequence: -1, body: .registerAgain))
    }

    private func send(_ body: PacketToWorker.Body, to boot: Int) {
        guard var connection = connections[boot] else { return }
        let marks = connection.outbox.next()
        connections[boot] = connection
        outgoing.append(PacketToWorker(boot: boot, session: marks.session, sequence: marks.sequence, body: body))
    }

    // MARK: - The scheduler

    private func take(_ input: Input, _ now: Int64) {
        guard violation == nil else { return }
        var wereKnown = false
        var memories: [TaskID: String?] = [:]
        if case .report(let worker, let reports) = input {
            wereKnown = scheduler.knows(worker)
            for report in reports { memories[report.attempt.task] = scheduler.memory(of: report.attempt.task) }
        }
        let output = scheduler.handle(mutant?.change(input, ledger) ?? input, at: Instant(nanoseconds: now * 1_000_000))
        trace = output.traced(into: trace)
        deadline = output.deadline
        records += output.ended.map(SimulatedJournal.Record.ended)
        for command in output.commands { say(command) }
        // A heartbeat that was answered by nothing changed nothing; it is the one step that needs no look at everything.
        if case .heartbeat = input, output.commands.isEmpty, output.ended.isEmpty, output.verdicts.isEmpty { return }
        violation = ledger.check(input, output, scheduler, wereKnown: wereKnown) ?? fencedChange(input, output, memories)
        // Most ticks find every lease renewed; a look at everything inside is kept for steps that did something.
        let isSilent = output.commands.isEmpty && output.ended.isEmpty
        if case .tick = input, isSilent, violation == nil { return }
        if violation == nil, let broken = scheduler.inconsistencies().first { violation = "I3/I12: \(broken)" }
        if let violation { self.violation = "\(violation); on \(input)" }
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

    private func say(_ command: Command) {
        switch command {
        case .assign(let worker, _) where worker == registering: return
        case .stop(let worker, _, _) where worker == registering: return
        case .dismiss(let worker) where worker == registering: return
        case .assign(let worker, let attempts):
            guard let boot = boots[worker] else { return }
            var run: [TaskAttempt] = []
            for (number, name) in attempts.enumerated() {
                run.append(name)
                let isLast = number + 1 == attempts.count || attempts[number + 1].task.job != name.task.job
                if isLast, let resources = submissions[name.task.job]?.resources {
                    send(.assign(run, resources), to: boot)
                    run = []
                }
            }
        case .stop(let worker, let name, let reason):
            if let boot = boots[worker] { send(.stop(name, reason), to: boot) }
        case .dismiss(let worker):
            if let boot = boots[worker] { send(.dismiss, to: boot) }
        }
    }
}

extension Output {
    /// Mixes everything in the output into a hash that is the same in every process.
    func traced(into hash: UInt64) -> UInt64 {
        var hash = hash
        func mix(_ value: Int64) { hash = SimulationRandom.mix(hash &* 31 &+ UInt64(bitPattern: value)) }
        func mix(_ name: TaskAttempt) {
            mix(name.task.job.rawValue)
            mix(Int64(name.task.index))
            mix(name.attempt.term)
            mix(name.attempt.number)
        }
        for each in ended {
            mix(each.task.job.rawValue)
            mix(Int64(each.task.index))
            mix(each.attempt?.number ?? -1)
            mix(Int64(each.end.rawValue.utf8.count))
        }
        for command in commands {
            switch command {
            case .assign(let worker, let attempts):
                mix(Int64(worker.rawValue))
                for name in attempts { mix(name) }
            case .stop(let worker, let name, let reason):
                mix(Int64(worker.rawValue))
                mix(name)
                mix(Int64(reason.rawValue.utf8.count))
            case .dismiss(let worker): mix(-Int64(worker.rawValue))
            }
        }
        for verdict in verdicts {
            switch verdict {
            case .accepted: mix(1)
            case .retried: mix(2)
            case .fenced: mix(3)
            }
        }
        mix(deadline?.nanoseconds ?? -1)
        return hash
    }
}
