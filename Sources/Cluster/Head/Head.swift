import Diagnostics
import Foundation
package import Logging
package import MarketData
package import Registry
package import Scheduling
import Search
import Specs
package import Transport
import Wire

/// A head: one loop with the scheduler in it, its transport, and the door through which the HTTP API comes in.
package final class Head: HeadService {
    /// What a head keeps its facts in.
    package struct Stores: Sendable {
        package var journal: any Journal & JobQueries
        package var models: any ModelStore & DriftStore & DatasetStore
        package var artifacts: any ArtifactStore
        package var catalogue: Catalogue
        package var attempts: AttemptStore
        package init(
            journal: any Journal & JobQueries, models: any ModelStore & DriftStore & DatasetStore, artifacts: any ArtifactStore,
            catalogue: Catalogue, attempts: AttemptStore
        ) {
            self.journal = journal
            self.models = models
            self.artifacts = artifacts
            self.catalogue = catalogue
            self.attempts = attempts
        }
    }

    let stores: Stores
    let outputs: OutputServer
    private let transport: any MessageTransport
    private let logger: Logger
    private let configuration: HeadConfiguration
    private let mailbox: Mailbox<HeadLetter>
    private let board: HeadBoard
    private let admission: Admission
    private let loop: UncheckedTransfer<HeadLoop>
    private let drift: DriftMonitor

    /// Raises the term, recovers the open jobs and is ready to run. Blocks on the store. Throws what the store throws.
    ///
    /// The term is raised above `floor`, for a store that was restored from a backup.
    package init(
        configuration: HeadConfiguration, stores: Stores, transport: any MessageTransport, logger: Logger,
        termAbove floor: Int64 = 0
    ) throws {
        self.stores = stores
        outputs = OutputServer(store: stores.attempts, transport: transport, logger: logger)
        self.transport = transport
        self.logger = logger
        let term = try stores.journal.raiseTerm(above: floor)
        CrashPoint.headTermRaised.reached()
        let recovery = try stores.journal.recover()
        var configuration = configuration
        // Without an open job no worker can hold a task of one, so nothing has to be waited for.
        if recovery.openJobs.isEmpty { configuration.recoveryGraceMilliseconds = 0 }
        let info = InfoView(
            clusterID: configuration.clusterID, term: term, codeVersion: configuration.codeVersion,
            workerEndpoint: transport.endpoint, workers: 0, openJobs: recovery.openJobs.count, queuedTasks: 0)
        self.configuration = configuration
        let admission = Admission(stores: stores, configuration: configuration)
        let journal = stores.journal
        board = HeadBoard(snapshot: HeadSnapshot(info: info, workers: [], jobs: [:])) { id, finish in
            admission.queue.async {
                finish(
                    Result {
                        guard let summary = try journal.job(id) else { throw ClusterError.jobUnknown(id) }
                        return JobView(summary)
                    })
            }
        }
        mailbox = Mailbox()
        self.admission = admission
        let registrar = Registrar(stores: stores, configuration: configuration)
        let loop = HeadLoop(
            configuration: configuration, term: term, nextJob: recovery.nextJob, journal: stores.journal, registrar: registrar,
            outputs: outputs, transport: transport, mailbox: mailbox, board: board, logger: logger)
        try loop.recover(recovery.openJobs, admission: admission)
        self.loop = UncheckedTransfer(loop)
        drift = DriftMonitor(stores: stores, logger: logger) { [board] in Array(board.snapshot.jobs.values) }
        logger.info("head starting", metadata: ["head.term": "\(term)", "jobs.open": "\(recovery.openJobs.count)"])
    }

    /// Opens the transport. Throws when the endpoint cannot be bound; afterwards `snapshot().info` names its real port.
    package func open() throws {
        let blobs = BlobServer(catalogue: stores.catalogue, artifacts: stores.artifacts, transport: transport)
        let (mailbox, outputs, board, journal) = (mailbox, outputs, board, stores.journal)
        let isKnown: @Sendable (JobID) -> Bool = { job in
            board.snapshot.jobs[job] != nil || (try? journal.job(job)) != nil
        }
        try transport.start(tickMilliseconds: 1_000) { events in
            var letters: [HeadLetter] = []
            letters.reserveCapacity(events.count)
            for event in events {
                switch event {
                case .received(let peer, let frames):
                    do throws(WireError) {
                        let message = try Framed<ProtoToHead>.toHead(frames)
                        if !blobs.accept(message, from: peer), !outputs.accept(message, from: peer, isKnown: isKnown) {
                            letters.append(.message(peer, message))
                        }
                    } catch {
                        letters.append(.malformed(peer, error))
                    }
                case .tooManyFrames(let peer): letters.append(.malformed(peer, .parts(9)))
                case .unreachable(let peer): letters.append(.unreachable(peer))
                }
            }
            if !letters.isEmpty { mailbox.post(letters) }
        }
        board.setEndpoint(transport.endpoint)
        CrashPoint.headOpen.reached()
    }

    /// Runs the loop on a thread of its own until `stop`; returns or throws when it has ended.
    package func run() async throws {
        let loop = loop
        drift.start(pollMilliseconds: configuration.driftPollMilliseconds, admission: admission) { [self] request in
            try await submit(request).view
        }
        defer { drift.stop() }
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            let thread = Thread {
                do {
                    try loop.value.run()
                    continuation.resume()
                } catch {
                    continuation.resume(throwing: error)
                }
            }
            thread.name = "head"
            thread.stackSize = 8 << 20
            thread.start()
        }
    }

    /// Asks the loop to end and closes the transport; nothing is accepted any more.
    package func stop() {
        CrashPoint.headStopping.reached()
        board.setStopping()
        mailbox.post([.stop])
    }

    package func close() {
        transport.close()
        outputs.flush()
    }

    package var term: Int64 { board.snapshot.info.term }

    /// Whether the loop does its turns; it wakes up twice a second when there is nothing to do.
    package var isTurning: Bool { board.millisecondsSinceTurn(at: MonotonicClock.now) < 4_000 }

    /// Ends the loop with `error`, because another head has taken over.
    package func fence(_ error: any Error) { mailbox.post([.fenced(error)]) }

    // MARK: - HeadService

    package func submit(_ request: SubmitRequest) async throws -> AcceptedJob {
        guard board.isStoreAvailable else { throw ClusterError.unavailable() }
        return try await withCheckedThrowingContinuation { continuation in
            let reply = Reply<AcceptedJob>(continuation)
            // From the admission straight on to the loop: each thread that a submission need not visit is time it does not take.
            admission.admit(request) { [mailbox] outcome in
                switch outcome {
                case .success(.known(let view)): reply.succeed(AcceptedJob(view: view, isNew: false))
                case .success(.new(let job)):
                    if !mailbox.post([.submit(job, reply)]) { reply.fail(ClusterError.stopped()) }
                case .failure(let error): reply.fail(error)
                }
            }
        }
    }

    package func control(_ job: JobID, _ control: JobControl) async throws -> JobView {
        try await ask { .control(job, control, $0) }
    }

    package func cancel(labelled label: JobLabel) async throws -> [JobID] { try await ask { .cancelLabelled(label, $0) } }

    package func explain(_ job: JobID) async throws -> ExplanationView { try await ask { .explain(job, $0) } }

    package func importStudy(_ request: ImportRequest) async throws -> AcceptedJob {
        guard board.isStoreAvailable else { throw ClusterError.unavailable() }
        let outcome = try await withCheckedThrowingContinuation { continuation in
            admission.admit(SubmitRequest(uid: request.uid, spec: request.spec)) { continuation.resume(with: $0) }
        }
        switch outcome {
        case .known(let view): return AcceptedJob(view: view, isNew: false)
        case .new(let job):
            try Self.check(request.trials, of: job.spec)
            return try await ask { .record(job, request.trials, $0) }
        }
    }

    private static func check(_ trials: [ImportedTrial], of spec: JobSpec) throws {
        guard case .commandStudy(let study) = spec.body, study.external != nil else { throw ClusterError.importKind() }
        guard study.search.trials == trials.count else {
            throw ClusterError.importCount(trials.count, spec: study.search.trials)
        }
        let space = try study.searchSpace()
        for (number, trial) in trials.enumerated() {
            do throws(SearchError) {
                _ = try space.ordered(trial.parameters.mapValues(\.searchValue))
            } catch {
                throw ClusterError.importPoint(number, error.message)
            }
        }
    }

    package func ask(_ job: JobID, _ request: AskRequest) async throws -> AskView {
        let (count, holder) = (request.count ?? 1, request.holder ?? "")
        guard (1...AskRequest.countLimit).contains(count) else { throw ClusterError.askCount(count) }
        guard holder.count <= AskRequest.holderLimit else { throw ClusterError.askHolder(holder.count) }
        return try await ask { .ask(job, request, $0) }
    }

    package func tell(_ job: JobID, _ request: TellRequest) async throws -> TellView {
        guard (1...AskRequest.countLimit).contains(request.tells.count) else { throw ClusterError.tellCount(request.tells.count) }
        return try await ask { .tell(job, request, $0) }
    }

    package func drain(_ worker: WorkerID) async throws { try await ask { .drain(worker, $0) } as Void }

    package func snapshot() -> HeadSnapshot { board.snapshot }

    package func events(_ query: EventQuery) -> EventsPage { board.events.page(query) }

    package func view(of job: JobID) throws -> JobView? {
        try board.snapshot.jobs[job] ?? stores.journal.job(job).map { JobView($0) }
    }

    package func trials(of job: JobID) throws -> [TrialView] { try stores.journal.trials(of: job).map(TrialView.init) }

    package func tasks(of job: JobID, after: Int32, limit: Int) throws -> [TaskView] {
        try stores.journal.tasks(of: job, after: after, limit: limit).map(TaskView.init)
    }

    package func report(of job: JobID, trial: Int32?) throws -> ReportView? {
        try ReportReader(journal: stores.journal).report(of: job, trial: trial)
    }

    package func study(_ job: JobID) throws -> StudyView? { try StudyReader(journal: stores.journal).study(job) }

    package func follow(_ job: JobID) -> AsyncStream<JobView> { board.follow(job) }

    private func ask<Value: Sendable>(_ letter: (Reply<Value>) -> HeadLetter) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let reply = Reply<Value>(continuation)
            if !mailbox.post([letter(reply)]) { reply.fail(ClusterError.stopped()) }
        }
    }
}

/// Carries the loop from the thread that makes it to the one thread that runs it.
// Unchecked because the value is used by one thread at a time: made here, then run there.
private struct UncheckedTransfer<Value>: @unchecked Sendable {
    let value: Value
    init(_ value: Value) { self.value = value }
}
