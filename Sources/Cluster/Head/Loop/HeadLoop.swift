import Diagnostics
import Dispatch
import Logging
import Scheduling
import Transport
import Wire

/// The head's one loop: takes everything that waits, lets the scheduler and the plans decide, commits the records of the
/// whole turn in one transaction, and only then sends and answers. It never waits long for the store.
///
/// Confined to the thread that calls `run`; other threads reach it through the mailbox and see what it publishes.
final class HeadLoop {
    let configuration: HeadConfiguration
    let term: Int64
    let journal: any Journal & JobQueries
    let registrar: Registrar
    let outputs: OutputServer
    let transport: any MessageTransport
    let mailbox: Mailbox<HeadLetter>
    let board: HeadBoard
    let logger: Logger
    let surroundings: HeadSurroundings
    /// Registers models off the loop, because that reads files and blocks on the store.
    let registrations = DispatchQueue(label: "registrations")

    var scheduler: Scheduler
    var sessions = Sessions()
    var jobs: [JobID: OpenJob] = [:]
    /// Keys of the jobs this process has accepted or recovered.
    var uids: [String: (job: JobID, specHash: String)] = [:]
    var nextJob: JobID
    /// How long the tasks of the jobs of a name took on average when the last of them ended.
    var usualRunMicroseconds = RecentValues<Int64>(limit: 1_000)
    /// The jobs that wait for an open job.
    var dependents: [JobID: [JobID]] = [:]
    /// How jobs ended lately, by number.
    var recentEnds = RecentValues<String>(limit: 1_000)
    var deadline: Instant?
    /// Reports since the start that changed nothing.
    var fencedReports = 0
    /// Set while the store is away.
    var outage: Outage?
    /// Workers whose results were not taken in an outage that is over: until they register anew nothing is taken from them, so that
    /// they are asked for as long as they don't.
    var owing: Set<WorkerID> = []
    private var stopping = false
    private var published = Instant(nanoseconds: 0)
    var unpublished = true

    init(
        configuration: HeadConfiguration, term: Int64, nextJob: JobID, journal: any Journal & JobQueries, registrar: Registrar,
        outputs: OutputServer, transport: any MessageTransport, mailbox: Mailbox<HeadLetter>, board: HeadBoard, logger: Logger,
        surroundings: HeadSurroundings = .process
    ) {
        self.surroundings = surroundings
        self.configuration = configuration
        self.term = term
        self.nextJob = nextJob
        self.journal = journal
        self.registrar = registrar
        self.outputs = outputs
        self.transport = transport
        self.mailbox = mailbox
        self.board = board
        self.logger = logger
        var numbers = SchedulerConfiguration(term: term)
        numbers.leaseMilliseconds = configuration.leaseMilliseconds
        numbers.recoveryGraceMilliseconds = configuration.recoveryGraceMilliseconds
        numbers.queues = configuration.queues
        scheduler = Scheduler(configuration: numbers, now: surroundings.now())
    }

    /// Runs until told to stop. Throws what makes it impossible to go on: a newer head, a damaged store.
    func run() throws {
        defer { refuseTheRest() }
        while !stopping {
            board.turned(at: surroundings.now())
            try turn(mailbox.take(until: nextWake))
        }
    }

    /// One turn: everything in `letters`, then the passing of time, one commit, and what follows from it.
    func turn(_ letters: [Mailbox<HeadLetter>.Stamped]) throws {
        var turn = Turn()
        var rest = letters[...]
        if !letters.isEmpty { CrashPoint.headTurnBegun.reached() }
        do {
            while let letter = rest.popFirst() { try handle(letter.letter, at: letter.arrived, &turn) }
            let now = surroundings.now()
            if let due = deadline, due <= now { apply(.tick, at: now, &turn) }
            if !turn.records.isEmpty { CrashPoint.headTurnHandled.reached() }
            try finish(turn, at: now)
        } catch {
            // A head that cannot go on leaves nobody waiting for its answer.
            for answer in turn.answers { answer.failed(ClusterError.undecided()) }
            for letter in rest { Self.refuse(letter.letter) }
            throw error
        }
    }

    private var nextWake: Instant? {
        unpublished
            ? min(deadline ?? .init(nanoseconds: .max), published.advanced(byMilliseconds: HeadBoard.refreshMilliseconds))
            : deadline
    }

    private func handle(_ letter: HeadLetter, at now: Instant, _ turn: inout Turn) throws {
        switch letter {
        case .message(let peer, let message): receive(message, from: peer, at: now, &turn)
        case .malformed(let peer, let error): refuse(peer, error)
        case .unreachable(let peer): lose(peer, planned: false, at: now, &turn)
        case .submit(let job, let reply): submit(job, reply, at: now, &turn)
        case .control(let job, let control, let reply): self.control(job, control, reply, at: now, &turn)
        case .cancelLabelled(let label, let reply): cancel(labelled: label, reply, at: now, &turn)
        case .explain(let job, let reply): explain(job, reply)
        case .record(let job, let trials, let reply): record(job, trials, reply, at: now, &turn)
        case .ask(let job, let request, let reply): ask(job, request, reply, at: now, &turn)
        case .tell(let job, let request, let reply): tell(job, request, reply, at: now, &turn)
        case .drain(let worker, let reply):
            guard sessions[worker] != nil else { return reply.fail(ClusterError.workerUnknown(worker)) }
            apply(.drain(worker), at: now, &turn)
            turn.answers.append(reply.answer(()))
        case .written(let result): try written(result, at: now)
        case .registered(let job, let result, let error): registered(job, result, error, at: now, &turn)
        case .fenced(let error): throw error
        case .stop: stopping = true
        }
    }

    /// One input to the scheduler, and what follows from it for mail, plans and journal. Returns its verdicts on reports.
    @discardableResult
    func apply(
        _ input: Input, at now: Instant, _ turn: inout Turn, details: [TaskAttempt: ProtoReport] = [:], worker: String = ""
    ) -> [Verdict] {
        let output = scheduler.handle(input, at: now)
        deadline = output.deadline
        unpublished = true
        note(input, output, details: details, &turn)
        for command in output.commands { post(command, &turn) }
        for ended in output.ended { end(ended, details: details, worker: worker, at: now, &turn) }
        return output.verdicts
    }

    private func post(_ command: Command, _ turn: inout Turn) {
        switch command {
        case .assign(let worker, _), .stop(let worker, _, _), .dismiss(let worker): turn.mail(to: worker) { $0.add(command) }
        }
    }

    // MARK: - Showing

    func publish(_ turn: Turn, at now: Instant) {
        let due = published.advanced(byMilliseconds: HeadBoard.refreshMilliseconds) <= now
        guard turn.changed || (unpublished && due) else { return }
        published = now
        unpublished = false
        board.publish(snapshot(jobs: jobViews()), ended: turn.ended)
    }

    /// While the store is away: the jobs stay as they were last known to be durable.
    func publishWithoutJobs(at now: Instant) {
        guard published.advanced(byMilliseconds: HeadBoard.refreshMilliseconds) <= now else { return }
        published = now
        board.publish(snapshot(jobs: board.snapshot.jobs), ended: [:])
    }

    private func jobViews() -> [JobID: JobView] {
        var views: [JobID: JobView] = [:]
        for (id, job) in jobs {
            let counts = scheduler.counts(of: id)
            let plan = job.plan.progress
            views[id] = job.view(
                ProgressView(
                    tasks: job.plan.taskCount, finished: job.finished, failed: job.failed,
                    assigned: job.desk?.heldCount ?? counts?.assigned ?? 0,
                    trials: plan.trials, trialsFinished: plan.trialsFinished, best: plan.best,
                    fraction: job.fraction, samplers: plan.samplers))
        }
        return views
    }

    private func snapshot(jobs views: [JobID: JobView]) -> HeadSnapshot {
        let info = InfoView(
            clusterID: configuration.clusterID, term: term, codeVersion: configuration.codeVersion,
            workerEndpoint: transport.endpoint,
            workers: sessions.byWorker.count, openJobs: jobs.count, queuedTasks: scheduler.queuedCount,
            fencedReports: fencedReports)
        return HeadSnapshot(info: info, workers: workerViews(), jobs: views, isStoreAvailable: outage == nil)
    }

    private func refuseTheRest() {
        for letter in mailbox.close() { Self.refuse(letter) }
    }

    private static func refuse(_ letter: HeadLetter) {
        do {
            switch letter {
            case .submit(_, let reply): reply.fail(ClusterError.stopped())
            case .control(_, _, let reply): reply.fail(ClusterError.stopped())
            case .cancelLabelled(_, let reply): reply.fail(ClusterError.stopped())
            case .explain(_, let reply): reply.fail(ClusterError.stopped())
            case .record(_, _, let reply): reply.fail(ClusterError.stopped())
            case .ask(_, _, let reply): reply.fail(ClusterError.stopped())
            case .tell(_, _, let reply): reply.fail(ClusterError.stopped())
            case .drain(_, let reply): reply.fail(ClusterError.stopped())
            case .message, .malformed, .unreachable, .written, .registered, .fenced, .stop: break
            }
        }
    }
}
