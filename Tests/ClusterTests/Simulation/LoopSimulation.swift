import Scheduling
import Statistics
import Stores
import Transport
import Wire

@testable import Cluster

/// The real loop of a head, real agendas and the real wire format in virtual time, with a network, a store and processes that fail
/// as the seed decides.
final class LoopSimulation {
    enum Event {
        case toHead(PeerID, [[UInt8]], incarnation: Int)
        case toWorker(boot: Int, [[UInt8]])
        case turn(incarnation: Int)
        case startHead
        case startWorker(node: Int)
        case beat(boot: Int)
        case finish(boot: Int, TaskAttempt)
        case resume(boot: Int)
        case client(Int)
        case fault
        case storeBack
        case heal
    }

    struct Head {
        let incarnation: Int
        let loop: HeadLoop
        let transport: SimulatedTransport
        var inbox: [Mailbox<HeadLetter>.Stamped] = []
    }

    static let workers = 4
    static let jobs = 4
    static let tasks = 40
    static let faultMilliseconds: Int64 = 8_000

    let cluster: TestCluster
    let store: SimulatedStore
    let surroundings = SimulatedSurroundings()
    let isCalm: Bool
    var chance: SplitMix64
    var queue: [(at: Int64, number: Int, event: Event)] = []
    var numbered = 0
    var head: Head?
    var incarnations = 0
    var workers: [Int: LoopWorker] = [:]
    var nodes: [Int?] = Array(repeating: nil, count: workers)
    var boots = 0
    var isHealed: Bool
    let accepted = AcceptedJobs()
    var executions: [TaskID: Int] = [:]
    var started: Set<TaskAttempt> = []
    /// Attempts that were handed back, whose acknowledgement says nothing of a result.
    var retracted: Set<TaskAttempt> = []
    var marks: [String: Int] = [:]
    var trace: UInt64 = 0
    var violation: String?

    init(seed: UInt64, isCalm: Bool = false) throws {
        chance = SplitMix64(seed: seed &* 0x9E37_79B9_7F4A_7C15)
        (self.isCalm, isHealed) = (isCalm, isCalm)
        cluster = try TestCluster()
        store = SimulatedStore(cluster.storage)
    }

    var now: Int64 { surroundings.now }

    func run() throws {
        push(.startHead, at: 0)
        for node in 0..<Self.workers { push(.startWorker(node: node), at: draw(0...300)) }
        for job in 0..<Self.jobs { push(.client(job), at: draw(0...3_000)) }
        if !isCalm {
            for _ in 0..<20 { push(.fault, at: draw(200...Self.faultMilliseconds)) }
            push(.heal, at: Self.faultMilliseconds)
        }
        while violation == nil, let next = pop() {
            surroundings.now = next.at
            try handle(next.event)
            if isHealed, try isOver() { return try checkEnd() }
            if now > Self.faultMilliseconds + 60_000 { fail("I21: jobs are open a minute after everything healed") }
        }
    }

    func fail(_ sentence: String) { if violation == nil { violation = "\(now) ms: \(sentence)" } }
    func mark(_ name: String) { marks[name, default: 0] += 1 }
    func draw(_ range: ClosedRange<Int64>) -> Int64 { Int64.random(in: range, using: &chance) }

    func push(_ event: Event, at: Int64) {
        numbered += 1
        queue.append((at, numbered, event))
    }

    func pop() -> (at: Int64, number: Int, event: Event)? {
        guard let first = queue.indices.min(by: { (queue[$0].at, queue[$0].number) < (queue[$1].at, queue[$1].number) }) else {
            return nil
        }
        queue.swapAt(first, queue.count - 1)
        return queue.removeLast()
    }

    func handle(_ event: Event) throws {
        switch event {
        case .toHead(let peer, let frames, let incarnation):
            guard head?.incarnation == incarnation, let message = try? Framed<ProtoToHead>.toHead(frames) else { return }
            post(.message(peer, message))
        case .toWorker(let boot, let frames):
            guard let worker = workers[boot], !worker.isPaused, let message = try? Framed<ProtoToWorker>.toWorker(frames) else {
                return
            }
            if let actions = worker.receive(message.header, now: now) { perform(actions, worker) } else { open(worker) }
        case .turn(let incarnation): if head?.incarnation == incarnation { try turn() }
        case .startHead: if head == nil { try startHead() }
        case .startWorker(let node): startWorker(node)
        case .beat(let boot): beat(boot)
        case .finish(let boot, let name):
            guard let worker = workers[boot] else { return }
            // A stopped process goes on where it was.
            if worker.isPaused { return push(event, at: now + 50) }
            guard worker.running.remove(name) != nil else { return }
            perform(worker.agenda.handle(.finished(name, .succeeded, ranMicroseconds: 20_000)), worker)
        case .resume(let boot): workers[boot]?.isPaused = false
        case .client(let number): client(number)
        case .fault: try inject()
        case .storeBack: comeBack()
        case .heal:
            isHealed = true
            comeBack()
        }
    }

    // MARK: - The end

    func isOver() throws -> Bool {
        guard accepted.ids.count == Self.jobs else { return false }
        for id in accepted.ids.values where try store.job(JobID(id))?.end == nil { return false }
        return workers.values.allSatisfy(\.agenda.isIdle)
    }

    func checkEnd() throws {
        if let conflict = accepted.conflict { fail("I2: \(conflict)") }
        for (uid, id) in accepted.ids.sorted(by: { $0.key < $1.key }) {
            guard let job = try store.job(JobID(id)), job.record.uid == uid else {
                fail("I1: job \(uid) was accepted, and is lost")
                continue
            }
            if job.end?.state != "succeeded" { fail("job \(uid) \(job.end?.state ?? "is open"): \(job.end?.errorMessage ?? "")") }
            let tasks = try store.tasks(of: JobID(id), after: -1, limit: 1_000)
            if tasks.map(\.task.index) != Array(0..<Int32(Self.tasks)) { fail("I3: job \(uid) has \(tasks.count) results") }
            for task in tasks {
                guard let attempt = task.attempt else { continue }
                if !started.contains(TaskAttempt(task: task.task, attempt: attempt)) {
                    fail("I5: task \(task.task) was decided by \(attempt), which never ran")
                }
            }
        }
        guard let head else { return fail("I21: there is no head") }
        if head.loop.scheduler.queuedCount != 0 || head.loop.scheduler.assignedCount != 0 { fail("I3: tasks are left over") }
    }
}
