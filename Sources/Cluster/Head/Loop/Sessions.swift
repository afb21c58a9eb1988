import Scheduling
import Transport
import Wire

/// The workers the head knows in this term, by connection and by process.
///
/// A connection is a name for an address only; a worker is its boot id, which `Register` tells and which keeps its number
/// through reconnects.
struct Sessions {
    /// One worker process.
    struct Session {
        let worker: WorkerID
        let bootID: String
        let host: String
        let processID: Int64
        /// Under which other machines reach what runs there.
        let address: String
        var peer: PeerID
        var capacity: Resources
        var inbox: SessionInbox
        var outbox: SessionOutbox
        /// Jobs whose body went out in this session, and those of them that have ended since the last heartbeat.
        var bodies: Set<JobID> = []
        var endedJobs: [JobID] = []
        var finished: UInt64 = 0
        var busyMicroseconds: UInt64 = 0
    }

    private(set) var byWorker: [WorkerID: Session] = [:]
    private var byPeer: [PeerID: WorkerID] = [:]
    private var byBoot: [String: WorkerID] = [:]
    private var nextWorker: Int32 = 1

    subscript(worker: WorkerID) -> Session? {
        get { byWorker[worker] }
        set { byWorker[worker] = newValue }
    }

    func worker(at peer: PeerID) -> WorkerID? { byPeer[peer] }

    /// Opens session number `number` of the process that calls itself `bootID`; nil when the process has opened a later one.
    mutating func register(_ message: ProtoRegister, session number: Int64, at peer: PeerID) -> WorkerID? {
        var inbox = byBoot[message.bootID].flatMap { byWorker[$0]?.inbox } ?? SessionInbox()
        guard inbox.open(number) == .inOrder, inbox.accept(session: number, sequence: 0) == .inOrder else { return nil }
        let worker = byBoot[message.bootID] ?? WorkerID(nextWorker)
        if byBoot[message.bootID] == nil {
            byBoot[message.bootID] = worker
            nextWorker += 1
        }
        if let old = byWorker[worker] { byPeer[old.peer] = nil }
        if let other = byPeer[peer], other != worker { remove(other) }
        let session = Session(
            worker: worker, bootID: message.bootID, host: message.host, processID: message.processID,
            address: message.address.isEmpty ? "127.0.0.1" : message.address, peer: peer,
            capacity: message.capacity, inbox: inbox,
            outbox: SessionOutbox(session: number))
        byWorker[worker] = session
        byPeer[peer] = worker
        return worker
    }

    /// Forgets the connection; the boot id stays known, so that the process gets its number back.
    mutating func remove(_ worker: WorkerID) {
        guard let session = byWorker.removeValue(forKey: worker) else { return }
        byPeer[session.peer] = nil
    }

    /// Remembers to tell every worker that knows the job that it is over.
    mutating func forget(_ job: JobID) {
        for (worker, session) in byWorker where session.bodies.contains(job) {
            byWorker[worker]?.bodies.remove(job)
            byWorker[worker]?.endedJobs.append(job)
        }
    }

    /// All sessions in order of worker number.
    var ordered: [Session] { byWorker.values.sorted { $0.worker < $1.worker } }
}
