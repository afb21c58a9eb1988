import Diagnostics
import Foundation
package import Logging
import Scheduling
import SwiftProtobuf
import Synchronization
package import Transport
import Wire

/// A worker: takes tasks from a head, runs them on threads of its own, and holds each result until the head has committed it.
///
/// The agenda decides, this does: the transport's thread brings messages, sends heartbeats and gathers reports into batches
/// (so a busy worker is not a dead worker), and task threads run workloads.
package final class Worker: Sendable {
    /// How long a registration waits for its answer before it is sent again; less when there is another head to ask.
    private var registrationMilliseconds: Int64 { transport.headCount > 1 ? 500 : 2_000 }

    let configuration: WorkerConfiguration
    let transport: any MessageTransport
    let runner: any TaskRunner
    let logger: Logger
    private let threads = TaskThreads()
    let blobs: BlobCache
    let outputs = OutputShipper()
    let spool: Spool
    let state: Mutex<WorkerState>
    private let left: AsyncStream<Void>
    private let leaving: AsyncStream<Void>.Continuation

    /// Throws when the folders for cache and spool cannot be used.
    package init(
        configuration: WorkerConfiguration, transport: any MessageTransport, runner: any TaskRunner, logger: Logger
    ) throws {
        self.configuration = configuration
        self.transport = transport
        self.runner = runner
        self.logger = logger
        state = Mutex(WorkerState(capacity: configuration.capacity, labels: configuration.labels, now: MonotonicClock.now))
        (left, leaving) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        spool = try Spool(
            folder: configuration.spoolFolder, name: configuration.bootID, limit: configuration.spoolLimit, logger: logger)
        blobs = try BlobCache(folder: configuration.cacheFolder) { body, bulk in
            var header = ProtoToHead()
            header.protocol = WireProtocol.version
            header.body = body
            transport.send([OutgoingMessage(to: .head, frames: Framed(header: header, bulk: bulk).frames)])
        }
    }

    /// Serves until dismissed or stopped. Throws when the transport cannot be opened.
    package func run() async throws {
        try transport.start(tickMilliseconds: 200) { [weak self] events in self?.handle(events) }
        state.withLock { register(&$0, now: MonotonicClock.now) }
        CrashPoint.workerOpen.reached()
        for await _ in left { break }
        threads.close()
        transport.close()
        spoolTheRest()
    }

    /// Takes nothing new, finishes what runs (for as long as the configuration allows), and then leaves.
    package func drain() {
        CrashPoint.workerDraining.reached()
        let actions = state.withLock { state in
            if state.stopAt == nil { state.stopAt = MonotonicClock.now.advanced(byMilliseconds: configuration.drainMilliseconds) }
            return collect(state.agenda.handle(.drain), &state)
        }
        perform(actions)
        transport.wake()
    }

    /// Leaves at once: running tasks are told to stop and what is held goes back to the head.
    package func stop() {
        state.withLock { $0.stopAt = MonotonicClock.now }
        transport.wake()
    }

    // MARK: - The transport's thread

    /// What a batch of events leads to once the lock is released.
    private struct Actions {
        var start: [TaskAttempt] = []
        var cancel: [StopFlag] = []
        var leave = false

        mutating func add(_ other: Actions) {
            start += other.start
            cancel += other.cancel
            leave = leave || other.leave
        }
    }

    private func handle(_ events: [TransportEvent]) {
        var messages: [Framed<ProtoToWorker>] = []
        for case .received(_, let frames) in events {
            do throws(WireError) {
                let message = try Framed<ProtoToWorker>.toWorker(frames)
                if let body = message.header.body, blobs.accept(body, bulk: message.bulk) || outputs.accept(body) { continue }
                messages.append(message)
            } catch {
                logger.warning("message not understood", metadata: ["error": "\(error)"])
            }
        }
        let now = MonotonicClock.now
        let actions = state.withLock { state in
            var actions = Actions()
            for message in messages { actions.add(receive(message.header, &state, now: now)) }
            keepInTouch(&state, now: now)
            sendProgress(&state)
            sendReports(&state)
            spoolWhatWaits(&state, now: now)
            if let stopAt = state.stopAt, stopAt <= now, !state.hasLeft { leave(&state, &actions) }
            return actions
        }
        outputs.due(at: now, send: transport.send)
        perform(actions)
    }

    private func receive(_ header: ProtoToWorker, _ state: inout WorkerState, now: Instant) -> Actions {
        if case .refusal(let refusal) = header.body {
            logger.notice("refused by the head", metadata: ["error.code": "\(refusal.code)", "error": "\(refusal.message)"])
            // Registering again at once answers a lost message; other refusals wait for their turn.
            if refusal.code == "E_NOT_REGISTERED", state.isWelcome { register(&state, now: now) }
            return Actions()
        }
        switch state.inbox.accept(session: header.session, sequence: header.sequence) {
        case .inOrder: break
        case .stale: return Actions()
        case .gap:
            if header.session == state.session { register(&state, now: now) }
            return Actions()
        }
        state.lastHeard = now
        switch header.body {
        case .welcome(let welcome):
            accept(welcome, &state)
            return Actions()
        case .assignments(let assignments): return take(assignments, &state)
        case .stop(let stop):
            CrashPoint.workerStopTaken.reached()
            let reason = StopReason(rawValue: stop.reason) ?? .cancelled
            return collect(state.agenda.handle(.stop(stop.attempt.taskAttempt, reason)), &state)
        case .acknowledgements(let names):
            let attempts = names.attempts.map(\.taskAttempt)
            for report in names.fenced {
                logger.notice(
                    "report changed nothing",
                    metadata: ["attempt": "\(report.attempt.taskAttempt)", "error.code": "\(report.code)"])
            }
            for attempt in attempts {
                state.reports[attempt] = nil
                state.progress[attempt] = nil
            }
            CrashPoint.workerAcknowledged.reached()
            forgetSpooled(attempts, &state)
            return collect(state.agenda.handle(.acknowledged(attempts)), &state)
        case .dismissal: return collect(state.agenda.handle(.dismissed), &state)
        case .heartbeatReply(let reply):
            for job in reply.endedJobs { state.jobs[JobID(job)] = nil }
            return Actions()
        case .refusal, .chunk, .putReply, .outputReply: return Actions()
        case nil:
            logger.warning("message not understood", metadata: ["error": "\(WireError.unknownBody())"])
            return Actions()
        }
    }

    private func accept(_ welcome: ProtoWelcome, _ state: inout WorkerState) {
        if let known = state.clusterID, known != welcome.clusterID {
            return logger.error("wrong cluster", metadata: ["error": "\(WorkerError.wrongCluster(known, welcome.clusterID))"])
        }
        guard welcome.term >= state.highestTerm else {
            return logger.error("older term", metadata: ["error": "\(WorkerError.staleTerm(state.highestTerm, welcome.term))"])
        }
        state.clusterID = welcome.clusterID
        state.highestTerm = max(state.highestTerm, welcome.term)
        state.heartbeatMilliseconds = min(60_000, max(50, welcome.heartbeatMilliseconds))
        state.leaseMilliseconds = min(600_000, max(200, welcome.leaseMilliseconds))
        state.isWelcome = true
        CrashPoint.workerWelcome.reached()
        logger.info("registered", metadata: ["head.term": "\(welcome.term)", "cluster": "\(welcome.clusterID)"])
        tellInherited(&state)
    }

    private func take(_ assignments: ProtoAssignments, _ state: inout WorkerState) -> Actions {
        for body in assignments.bodies {
            state.jobs[JobID(body.job)] = WorkerState.KnownJob(
                job: WorkerJob(id: body.job, spec: body.spec), choices: body.choices)
        }
        var actions = Actions()
        var batch: [TaskAttempt] = []
        var batchJob: JobID?
        var choice = 0
        func flush(_ state: inout WorkerState) {
            guard let job = batchJob, !batch.isEmpty else { return }
            let choices = state.jobs[job]?.choices ?? []
            let resources = choices.indices.contains(choice) ? choices[choice] : .zero
            actions.add(collect(state.agenda.handle(.assigned(batch, resources, choice: choice)), &state))
            batch = []
        }
        for task in assignments.tasks {
            let attempt = task.attempt.taskAttempt
            if attempt.task.job != batchJob || Int(task.choice) != choice {
                flush(&state)
                (batchJob, choice) = (attempt.task.job, Int(task.choice))
            }
            state.payloads[attempt] = task.payload
            batch.append(attempt)
        }
        flush(&state)
        CrashPoint.workerTasksTaken.reached()
        return actions
    }

    /// How long the head may be silent: a lease, or two missing answers when there is another head to ask.
    private func silenceMilliseconds(_ state: WorkerState) -> Int64 {
        transport.headCount > 1 ? min(state.leaseMilliseconds, state.heartbeatMilliseconds * 5 / 2) : state.leaseMilliseconds
    }

    /// Heartbeats, and a new session, with the next head if there are several, when the head has been silent.
    private func keepInTouch(_ state: inout WorkerState, now: Instant) {
        let isLost =
            state.isWelcome
            ? now.milliseconds(since: state.lastHeard) >= silenceMilliseconds(state)
            : now.milliseconds(since: state.lastRegistered) >= registrationMilliseconds
        if isLost {
            transport.moveOn()
            return register(&state, now: now)
        }
        guard state.isWelcome else { return }
        if now.milliseconds(since: state.lastBeat) >= state.heartbeatMilliseconds {
            state.lastBeat = now
            let beat = ProtoHeartbeat.with {
                $0.running = UInt32(clamping: state.running.count)
                $0.waiting = UInt32(clamping: state.payloads.count)
                $0.finished = state.finished
                $0.busyMicroseconds = state.busyMicroseconds
            }
            send(.heartbeat(beat), &state)
        }
    }

    /// Opens a new session: inventory and unacknowledged reports in one message.
    private func register(_ state: inout WorkerState, now: Instant) {
        state.session += 1
        state.outbox = SessionOutbox(session: state.session)
        _ = state.inbox.open(state.session)
        state.isWelcome = false
        (state.lastRegistered, state.lastHeard, state.lastBeat) = (now, now, now)
        state.unsent = []
        var register = ProtoRegister()
        register.bootID = configuration.bootID
        register.host = configuration.host
        register.processID = configuration.processID
        register.capacity = configuration.capacity
        register.workerLabels = configuration.labels
        register.datasets = blobs.datasets
        register.address = configuration.address
        register.highestTerm = state.highestTerm
        register.clusterID = state.clusterID ?? ""
        register.codeVersion = configuration.codeVersion
        var asksToDrain = false
        var bytes = 0
        for action in state.agenda.handle(.connected) {
            switch action {
            case .register(let registration):
                register.holding += registration.holding.map(ProtoAttemptName.init)
                register.heldChoices = registration.choices
            case .report(let reports):
                for report in reports {
                    let full = state.reports[report.attempt] ?? ProtoReport(report)
                    bytes += full.result.count
                    if bytes <= Self.bytesPerMessage {
                        register.finished.append(full)
                    } else {
                        // One message has its limits: the rest is held, as far as the head is concerned, and follows.
                        register.holding.append(full.attempt)
                        state.unsent.append(report.attempt)
                    }
                }
            case .askToDrain: asksToDrain = true
            case .start, .cancel, .leave: break
            }
        }
        send(.register(register), &state)
        state.unsentProgress = Array(state.progress.keys)
        if asksToDrain { send(.drain(ProtoDrainRequest()), &state) }
    }

    private func sendProgress(_ state: inout WorkerState) {
        guard state.isWelcome else { return }
        for attempt in state.unsentProgress { if let progress = state.progress[attempt] { send(.progress(progress), &state) } }
        state.unsentProgress = []
    }

    func send(_ body: ProtoToHead.OneOf_Body, _ state: inout WorkerState) {
        var header = ProtoToHead()
        header.protocol = WireProtocol.version
        (header.session, header.sequence) = state.outbox.next()
        header.body = body
        transport.send([OutgoingMessage(to: .head, frames: Framed(header: header).frames)])
    }

    private func leave(_ state: inout WorkerState, _ actions: inout Actions) {
        state.hasLeft = true
        if state.isWelcome { send(.goodbye(ProtoGoodbye()), &state) }
        actions.cancel += state.running.values
        actions.leave = true
    }

    // MARK: - Doing what the agenda says

    /// Sorts the agenda's actions into what happens under the lock (reports, requests) and what follows after it.
    private func collect(_ actions: [WorkerAgenda.Action], _ state: inout WorkerState) -> Actions {
        var collected = Actions()
        for action in actions {
            switch action {
            case .start(let attempt):
                state.running[attempt] = StopFlag()
                collected.start.append(attempt)
            case .cancel(let attempt, _):
                if let flag = state.running[attempt] { collected.cancel.append(flag) }
            case .report(let reports):
                for report in reports {
                    if state.reports[report.attempt] == nil { state.reports[report.attempt] = ProtoReport(report) }
                    state.payloads[report.attempt] = nil
                    state.unsent.append(report.attempt)
                }
            case .askToDrain: send(.drain(ProtoDrainRequest()), &state)
            case .leave:
                state.hasLeft = true
                collected.leave = true
            case .register: break
            }
        }
        return collected
    }

    private func perform(_ actions: Actions) {
        for flag in actions.cancel { flag.set() }
        for attempt in actions.start { threads.start { [self] in run(from: attempt) } }
        if actions.leave {
            CrashPoint.workerLeaving.reached()
            leaving.yield()
            leaving.finish()
        }
    }

    // MARK: - Task threads

    /// Runs an attempt, and then those that its end lets start, one of them on this thread.
    private func run(from first: TaskAttempt) {
        var next: TaskAttempt? = first
        while let attempt = next {
            let (payload, job, flag, gpus) = state.withLock { state in
                (
                    state.payloads.removeValue(forKey: attempt), state.jobs[attempt.task.job]?.job,
                    state.running[attempt] ?? StopFlag(),
                    configuration.capacity.milliGPU > 0 ? state.agenda.gpus(of: attempt) : nil
                )
            }
            CrashPoint.workerAttemptBegun.reached()
            let begun = MonotonicClock.now
            var report = ProtoReport()
            let outcome = execute(attempt, payload, job, flag, gpus, &report)
            CrashPoint.workerAttemptEnded.reached()
            // Ahead of the report, so that who sees the end has seen all that was written.
            outputs.end(attempt, at: MonotonicClock.now, send: transport.send)
            let ran = (MonotonicClock.now.nanoseconds &- begun.nanoseconds) / 1_000
            report.attempt = ProtoAttemptName(attempt)
            report.outcome = ProtoOutcome(outcome)
            report.ranMicroseconds = ran
            var (actions, isDue) = state.withLock { state in
                state.running[attempt] = nil
                state.reports[attempt] = report
                state.unspooled.append((attempt, MonotonicClock.now))
                state.finished += 1
                state.busyMicroseconds += UInt64(max(0, ran))
                let actions = collect(state.agenda.handle(.finished(attempt, outcome, ranMicroseconds: ran)), &state)
                return (actions, reportsAreDue(state, lastRan: ran))
            }
            CrashPoint.workerReportHeld.reached()
            next = actions.start.isEmpty ? nil : actions.start.removeFirst()
            if isDue { transport.wake() }
            perform(actions)
        }
    }
}
