import Scheduling

/// A cluster in one thread and virtual time: real scheduler, real agendas, and everything between them modelled and broken
/// on purpose. The seed decides all of it.
final class Simulation {
    struct Result {
        var violation: String?
        var trace: UInt64 = 0
        var events = 0
        var executions: [TaskID: Int] = [:]
        var ends: [TaskID: TaskEnd] = [:]
        /// How often each kind of fault and each kind of decision occurred.
        var marks: [String: Int] = [:]
    }

    let seed: UInt64
    let profile: SimulationProfile
    let mutant: SimulationMutant?
    let plans: [SimulatedPlan]
    var network: SimulationRandom
    var faults: SimulationRandom
    var work: SimulationRandom
    var storage: SimulationRandom

    var now: Int64 = 0
    var queue = EventQueue()
    var isHealed = false

    // The store.
    var journal = SimulatedJournal()
    var storeIsDownUntil: Int64 = 0
    var nextCommit = NextCommit.sound
    /// The journal before each of its last commits, for a store that does not force its log.
    var unforced: [SimulatedJournal] = []
    var highestTerm: Int64 = 0
    /// I1: what was acknowledged, and must be durable for ever.
    var acknowledgedJobs: Set<JobID> = []
    var acknowledgedCancels: Set<JobID> = []
    var acknowledgedEnds: [TaskID: Attempt] = [:]

    // Heads, by address.
    var heads: [SimulatedHead?] = [nil, nil]
    var incarnations = 0
    /// The step of the head's next turn at which it dies or hangs.
    var headFaultAt: Int64?
    var headsDisturbedAt: Int64 = 0
    var wallOffset: Int64 = 0

    // Workers.
    var capacities: [Resources] = []
    var workers: [Int: SimulatedWorker] = [:]
    /// The process on each node, if there is one.
    var boots: [Int?] = []
    var bootsNamed = 0
    var links: [SimulatedLink]
    /// Spooled results of each node.
    var disks: [[TaskAttempt: AttemptReport]]
    var diskIsFullUntil: [Int64]
    /// Reports whose acknowledgement a head has sent.
    var told: Set<TaskAttempt> = []
    var started: Set<TaskAttempt> = []
    /// I20: how many processes each task has killed in each term.
    var killed: [TaskID: [Int64: Int]] = [:]
    /// I8: how often each task may have begun, by the accounts of all heads so far.
    var budget: [TaskID: Int] = [:]
    var result = Result()

    enum NextCommit {
        case sound
        /// Nothing is written.
        case aborted
        /// It is written, and the answer is lost.
        case ambiguous
    }

    init(seed: UInt64, profile: SimulationProfile, mutant: SimulationMutant? = nil) {
        self.seed = seed
        self.mutant = mutant
        self.profile = profile
        network = SimulationRandom(seed: seed, stream: 2)
        faults = SimulationRandom(seed: seed, stream: 3)
        work = SimulationRandom(seed: seed, stream: 4)
        storage = SimulationRandom(seed: seed, stream: 6)
        var drawing = SimulationRandom(seed: seed, stream: 5)
        plans = (0..<profile.jobs).map { SimulatedPlan.draw(job: Int64($0) + 1, profile: profile, random: &drawing) }
        for _ in 0..<profile.workers {
            var capacity = Resources(milliCPU: drawing.integer(2...4) * 1_000, memory: drawing.integer(2...4) << 28)
            if drawing.chance(0.5) {
                capacity.milliGPU = drawing.integer(1...2) * 1_000
                capacity.others["licence"] = drawing.integer(1...3) * 500
            }
            capacities.append(capacity)
            boots.append(nil)
        }
        links = Array(repeating: SimulatedLink(), count: profile.workers)
        disks = Array(repeating: [:], count: profile.workers)
        diskIsFullUntil = Array(repeating: 0, count: profile.workers)
    }

    /// The head of the highest term.
    var head: SimulatedHead? {
        guard let first = heads[0], let second = heads[1] else { return heads[0] ?? heads[1] }
        return first.incarnation > second.incarnation ? first : second
    }

    /// Runs to the end, or to the first broken rule.
    func run() -> Result {
        begin()
        let limit = profile.faultMilliseconds + profile.patienceMilliseconds * profile.unit
        var quietFrom: Int64?
        var looked: Int64 = 0
        var sameTime = 0
        while let (at, event) = queue.pop(), result.violation == nil {
            sameTime = at == now ? sameTime + 1 : 0
            if sameTime > 1_000_000 { fail("I21: a million events follow one another in no time") }
            now = at
            result.events += 1
            result.trace = SimulationRandom.mix(result.trace &* 31 &+ UInt64(bitPattern: at) ^ (head?.trace ?? 0))
            handle(event)
            if let quietFrom {
                // The longest straggler runs for eight seconds more; then all has been reported and acknowledged.
                if now > quietFrom + 9_500 * profile.unit { break }
                if now >= looked + 100 {
                    looked = now
                    if isIdle { break }
                }
            } else if isHealed, journal.overCount == plans.count {
                quietFrom = now
            }
            if now > limit { fail("I21: jobs are open long after everything healed: \(openJobs)") }
        }
        for head in heads { if let head { collectAccount(of: head) } }
        if result.violation == nil { checkEnd() }
        return result
    }

    private func begin() {
        queue.push(.headStart, at: 0)
        for node in 0..<profile.workers { queue.push(.workerStart(node: node), at: faults.integer(0...1_000)) }
        for (number, plan) in plans.enumerated() { queue.push(.client(number), at: plan.submitAt) }
        let periods: [(SimulationFault, Int64?)] = [
            (.workerCrash, profile.workerCrashEvery), (.workerPause, profile.workerPauseEvery),
            (.workerDrain, profile.workerDrainEvery), (.headCrash, profile.headCrashEvery),
            (.headPause, profile.headPauseEvery), (.link, profile.linkFaultEvery), (.store, profile.storeFaultEvery),
            (.disk, profile.diskFaultEvery), (.wallJump, profile.wallJumpEvery), (.fold, profile.foldEvery),
            (.upgrade, profile.upgradeEvery),
        ]
        for (fault, every) in periods { schedule(fault, every: every) }
        queue.push(.heal, at: profile.faultMilliseconds)
    }

    func fail(_ sentence: String) {
        guard result.violation == nil else { return }
        result.violation = "seed \(seed), step \(result.events), \(now) ms: \(sentence)"
    }

    func mark(_ name: String) { result.marks[name, default: 0] += 1 }

    private func handle(_ event: SimulationEvent) {
        switch event {
        case .client(let number): client(number)
        case .toHead(let packet): arrive(.packet(packet), at: heads[packet.slot])
        case .connectionLost(let boot): for head in heads { arrive(.connectionLost(boot: boot), at: head) }
        case .headTurn(let incarnation): headTurn(incarnation)
        case .headStart: startHead()
        case .takeOver(let incarnation): takeOver(from: incarnation)
        case .presence(let incarnation): lookForOthers(incarnation)
        case .storeRetry(let incarnation): retryCommit(incarnation)
        case .finishFold(let incarnation): if head?.incarnation == incarnation { journal.finishFold() }
        case .fault(let fault): inject(fault)
        case .workerStart(let node): startWorker(node)
        case .heal: heal()
        case .toWorker(let packet):
            guard let worker = awake(packet.boot, event) else { return }
            worker.outbound -= 1
            receive(packet, at: worker)
        case .beat(let boot): if let worker = awake(boot, event) { beat(worker) }
        case .spool(let boot): if let worker = awake(boot, event) { spool(worker) }
        case .finish(let boot, let name, let outcome, let ran):
            if let worker = awake(boot, event) { finish(name, outcome, ran, at: worker) }
        case .poisoned(let boot, let name): if let worker = awake(boot, event) { poison(worker, name) }
        case .resume(let boot): resume(boot)
        }
    }

    private func client(_ number: Int) {
        let plan = plans[number]
        if journal.jobs[plan.submission.job]?.isOver == true { return }
        // A client asks one head after the other.
        let slot = profile.hasStandby ? Int(work.integer(0...1)) : 0
        if let head = heads[slot] ?? head { arrive(.client(number), at: head) }
        queue.push(.client(number), at: now + 300 * profile.unit)
    }

    private func schedule(_ fault: SimulationFault, every mean: Int64?) {
        guard let mean else { return }
        var at = faults.integer(1...2 * mean)
        while at < profile.faultMilliseconds {
            queue.push(.fault(fault), at: at)
            at += faults.integer(1...2 * mean)
        }
    }

    func collectAccount(of head: SimulatedHead) {
        for (task, count) in head.ledger.budget { budget[task, default: 0] += count }
        for (name, count) in head.ledger.marks { result.marks[name, default: 0] += count }
    }
}
