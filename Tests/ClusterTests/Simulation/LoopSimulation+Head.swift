import MarketData
import Registry
import Scheduling
import Stores
import TestSupport
import Transport
import Wire

@testable import Cluster

/// Heads: their start, their turns, and what may leave them.
extension LoopSimulation {
    func startHead() throws {
        guard !store.isAway else { return push(.startHead, at: now + 100) }
        incarnations += 1
        let term = try store.raiseTerm()
        let recovery = try store.recover()
        let stores = Cluster.Head.Stores(
            journal: store, models: InMemoryModelStore(storage: cluster.storage), artifacts: cluster.artifacts,
            catalogue: .init(root: cluster.home.path + "/head"), attempts: AttemptStore(root: cluster.home.path + "/head"))
        let configuration = HeadConfiguration(
            clusterID: "simulated", heartbeatMilliseconds: 200, leaseMilliseconds: 1_500,
            recoveryGraceMilliseconds: recovery.openJobs.isEmpty ? 0 : 500, codeVersion: "test")
        let transport = SimulatedTransport()
        let info = InfoView(
            clusterID: "simulated", term: term, codeVersion: "test", workerEndpoint: "", workers: 0, openJobs: 0, queuedTasks: 0)
        let store = store
        let board = HeadBoard(snapshot: HeadSnapshot(info: info, workers: [], jobs: [:])) { id, finish in
            finish(Result { try store.job(id).map { JobView($0) } ?? { throw ClusterError.jobUnknown(id) }() })
        }
        let loop = HeadLoop(
            configuration: configuration, term: term, nextJob: recovery.nextJob, journal: store,
            registrar: Registrar(stores: stores, configuration: configuration),
            outputs: OutputServer(store: stores.attempts, transport: transport, logger: TestCluster.logger), transport: transport,
            mailbox: Mailbox(), board: board, logger: TestCluster.logger, surroundings: surroundings.head)
        do {
            try loop.recover(recovery.openJobs, admission: Admission(stores: stores, configuration: configuration))
        } catch {
            return push(.startHead, at: now + 100)
        }
        head = Head(incarnation: incarnations, loop: loop, transport: transport)
        push(.turn(incarnation: incarnations), at: now)
    }

    func post(_ letter: HeadLetter) {
        guard let incarnation = head?.incarnation else { return }
        head?.inbox.append(.init(letter: letter, arrived: Instant(nanoseconds: now * 1_000_000)))
        push(.turn(incarnation: incarnation), at: now)
    }

    func turn() throws {
        guard let current = head else { return }
        head?.inbox = []
        let letters = current.inbox + current.loop.mailbox.take(until: Instant(nanoseconds: 0))
        do {
            try current.loop.turn(letters)
        } catch is SimulatedStore.Death {
            // What it had in hand is gone with it.
            mark("head killed in its commit")
            return killHead()
        } catch {
            return fail("the head ended: \(error)")
        }
        if let broken = current.loop.scheduler.inconsistencies().first { fail("I3/I12: \(broken)") }
        for message in current.transport.take() { try deliver(message) }
        if let due = current.loop.deadline {
            push(.turn(incarnation: current.incarnation), at: max(now + 1, (due.nanoseconds + 999_999) / 1_000_000))
        }
    }

    func killHead() {
        head = nil
        _ = surroundings.takeWork()
        push(.startHead, at: now + draw(50...800))
    }

    func deliver(_ message: OutgoingMessage) throws {
        for byte in message.frames.joined() { trace = (trace ^ UInt64(byte)) &* 0x100_0000_01B3 }
        let header = try Framed<ProtoToWorker>.toWorker(message.frames).header
        if case .acknowledgements(let names) = header.body { try checkDurable(names) }
        guard let boot = Int(String(decoding: message.peer.bytes, as: UTF8.self)) else { return }
        if !isHealed, draw(0...99) < 3 { return mark("message lost") }
        push(.toWorker(boot: boot, message.frames), at: now + draw(1...1))
    }

    /// I1, I4: what is acknowledged and counts is in the store, by that attempt.
    func checkDurable(_ names: ProtoAcknowledgements) throws {
        let fenced = Set(names.fenced.map(\.attempt.taskAttempt))
        for name in names.attempts.map(\.taskAttempt) where !fenced.contains(name) {
            let task = try store.task(name.task)
            let isOver = try store.job(name.task.job)?.end != nil
            if task?.attempt != name.attempt, !isOver, !retracted.contains(name) {
                fail("I1: the result of \(name) is acknowledged, and not durable")
            }
        }
    }
}
