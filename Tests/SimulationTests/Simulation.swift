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

    static let heartbeat: Int64 = 500
    static let silence: Int64 = 1_500
    static let lease: Int64 = 2_000
    static let stopGrace: Int64 = 1_000

    let seed: UInt64
    let profile: SimulationProfile
    let mutant: SimulationMutant?
    let plans: [SimulatedPlan]
    var network: SimulationRandom
    var faults: SimulationRandom
    var work: SimulationRandom

    var now: Int64 = 0
    var queue = EventQueue()
    var journal = SimulatedJournal()
    var head: SimulatedHead?
    var incarnations = 0
    var isHealed = false
    /// The step of the head's next turn at which it dies: before the commit, after it, or in the middle of sending.
    var headDiesAt: Int64?
    var capacities: [Resources] = []
    var workers: [Int: SimulatedWorker] = [:]
    /// The process on each node, if there is one.
    var boots: [Int?] = []
    var bootsNamed = 0
    var started: Set<TaskAttempt> = []
    /// I8: how often each task may have begun, by the accounts of all heads so far.
    var budget: [TaskID: Int] = [:]
    var result = Result()

    init(seed: UInt64, profile: SimulationProfile, mutant: SimulationMutant? = nil) {
        self.seed = seed
        self.mutant = mutant
        self.profile = profile
        network = SimulationRandom(seed: seed, stream: 2)
        faults = SimulationRandom(seed: seed, stream: 3)
        work = SimulationRandom(seed: seed, stream: 4)
        var drawing = SimulationRandom(seed: seed, stream: 5)
        plans = (0..<profile.jobs).map { SimulatedPlan.draw(job: Int64($0) + 1, profile: profile, random: &drawing) }
        for _ in 0..<profile.workers {
            capacities.append(Resources(milliCPU: drawing.integer(2...4) * 1_000, memory: drawing.integer(2...4) << 28))
            boots.append(nil)
        }
    }

    /// Runs to the end, or to the first broken rule.
    func run() -> Result {
        queue.push(.headStart, at: 0)
        for node in 0..<profile.workers { queue.push(.workerStart(node: node), at: faults.integer(0...1_000)) }
        for (number, plan) in plans.enumerated() { queue.push(.client(number), at: plan.submitAt) }
        schedule(.workerCrash, every: profile.workerCrashEvery)
        schedule(.workerPause, every: profile.workerPauseEvery)
        schedule(.workerDrain, every: profile.workerDrainEvery)
        schedule(.headFault, every: profile.headCrashEvery)
        schedule(.headPause, every: profile.headPauseEvery)
        queue.push(.heal, at: profile.faultMilliseconds)

        let limit = profile.faultMilliseconds + 120_000
        var quietFrom: Int64?
        while let (at, event) = queue.pop(), result.violation == nil {
            now = at
            result.events += 1
            result.trace = SimulationRandom.mix(result.trace &* 31 &+ UInt64(bitPattern: at) ^ (head?.trace ?? 0))
            handle(event)
            if let quietFrom {
                // The longest straggler runs for eight seconds more; then all has been reported and acknowledged.
                if now > quietFrom + 9_500 || (now % 100 == 0 && isIdle) { break }
            } else if isHealed, plans.allSatisfy({ journal.jobs[$0.submission.job]?.isOver == true }) {
                quietFrom = now
            }
            if now > limit { fail("liveness: jobs are open two minutes after everything healed: \(openJobs)") }
        }
        if let head { collectAccount(of: head) }
        if result.violation == nil { checkEnd() }
        return result
    }

    func fail(_ sentence: String) {
        guard result.violation == nil else { return }
        result.violation = "seed \(seed), step \(result.events), \(now) ms: \(sentence)"
    }

    func mark(_ name: String) { result.marks[name, default: 0] += 1 }

    private func handle(_ event: SimulationEvent) {
        switch event {
        case .client(let number): client(number)
        case .toHead(let packet): arrive(.packet(packet))
        case .connectionLost(let boot): arrive(.connectionLost(boot: boot))
        case .headTurn(let incarnation): headTurn(incarnation)
        case .headFault: if !isHealed, head != nil { headDiesAt = faults.integer(0...2) }
        case .headPause:
            guard !isHealed, let head else { return }
            mark("head paused")
            head.busyUntil = now + faults.integer(500...4_000)
        case .headStart: startHead()
        case .workerCrash: pickWorker().map { kill($0, "worker crashed") }
        case .workerPause: pickWorker().map(pause)
        case .workerDrain: pickWorker().map { perform($0.agenda.handle(.drain), by: $0) }
        case .workerStart(let node): startWorker(node)
        case .heal: heal()
        case .toWorker(let packet): if let worker = awake(packet.boot, event) { receive(packet, at: worker) }
        case .beat(let boot): if let worker = awake(boot, event) { beat(worker) }
        case .finish(let boot, let name, let outcome, let ran):
            if let worker = awake(boot, event) { finish(name, outcome, ran, at: worker) }
        case .poisoned(let boot): if let worker = awake(boot, event) { kill(worker, "worker poisoned") }
        case .resume(let boot):
            guard let worker = workers[boot], worker.isPaused else { return }
            worker.isPaused = false
            let backlog = worker.backlog
            worker.backlog = []
            for event in backlog { handle(event) }
        }
    }

    private func client(_ number: Int) {
        let plan = plans[number]
        if journal.jobs[plan.submission.job]?.isOver == true { return }
        arrive(.client(number))
        queue.push(.client(number), at: now + 300)
    }

    private func schedule(_ event: SimulationEvent, every mean: Int64?) {
        guard let mean else { return }
        var at = faults.integer(1...2 * mean)
        while at < profile.faultMilliseconds {
            queue.push(event, at: at)
            at += faults.integer(1...2 * mean)
        }
    }

    private func heal() {
        isHealed = true
        for node in 0..<profile.workers {
            if let boot = boots[node], workers[boot]?.isPaused == true { queue.push(.resume(boot: boot), at: now) }
        }
        head?.busyUntil = now
    }

    // MARK: - Network

    func send(_ event: SimulationEvent) {
        let isFaulty = !isHealed
        if isFaulty, network.chance(profile.loss) { return mark("message lost") }
        let copies = isFaulty && network.chance(profile.duplication) ? 2 : 1
        if copies == 2 { mark("message duplicated") }
        for _ in 0..<copies {
            var delay = network.integer(profile.latencyMilliseconds)
            if isFaulty, network.chance(profile.straggling) {
                delay += network.integer(1...1_000)
                mark("message overtaken")
            }
            queue.push(event, at: now + delay)
        }
    }

    // MARK: - The end

    private var isIdle: Bool {
        guard let head, head.scheduler.workers.allSatisfy({ $0.assigned == 0 }) else { return false }
        return workers.values.allSatisfy { $0.agenda.isIdle }
    }

    private var openJobs: String {
        plans.filter { journal.jobs[$0.submission.job]?.isOver != true }.map { plan in
            "\(plan.submission.job) \(head?.scheduler.counts(of: plan.submission.job).map { "\($0)" } ?? "unknown")"
        }.joined(separator: ", ")
    }

    private func checkEnd() {
        guard let head else { return fail("liveness: there is no head") }
        if head.scheduler.queuedCount != 0 || head.scheduler.assignedCount != 0 { fail("I3: tasks are left over") }
        for worker in head.scheduler.workers where worker.inUse != .zero || worker.assigned != 0 {
            fail("I12: worker \(worker.id) still has \(worker.inUse) in use for \(worker.assigned) attempts")
        }
        for (_, worker) in workers where !worker.agenda.isIdle { fail("a worker still holds \(worker.agenda.holding)") }
        for plan in plans { checkEnds(of: plan) }
        for (task, count) in result.executions.sorted(by: { $0.key < $1.key }) where count > budget[task, default: 0] {
            fail("I8: task \(task) began \(count) times, and there are reasons for \(budget[task, default: 0])")
        }
    }

    private func checkEnds(of plan: SimulatedPlan) {
        guard let job = journal.jobs[plan.submission.job] else { return fail("I1: job \(plan.submission.job) was lost") }
        for index in Int32(0)..<Int32(plan.behaviours.count) {
            let task = TaskID(job: plan.submission.job, index: index)
            guard let end = job.ends[index]?.end else {
                if !job.wasCancelled { fail("I3: task \(task) never ended") }
                continue
            }
            result.ends[task] = end
            let behaviour = plan.behaviours[Int(index)]
            if end == .succeeded, behaviour != .normal, behaviour != .flaky {
                fail("task \(task) is \(behaviour), and succeeded")
            }
            if end == .quarantined { mark("quarantined \(behaviour)") }
            if end == .cancelled, !job.wasCancelled,
                plan.dependencies[index]?.allSatisfy({ job.ends[$0]?.end == .succeeded }) ?? true
            {
                fail("task \(task) was cancelled without a reason")
            }
            if end != .cancelled, let needed = plan.dependencies[index], !needed.allSatisfy({ job.ends[$0]?.end == .succeeded }) {
                fail("task \(task) ran although a task it depends on did not succeed")
            }
        }
    }

    func collectAccount(of head: SimulatedHead) {
        for (task, count) in head.ledger.budget { budget[task, default: 0] += count }
        for (name, count) in head.ledger.marks { result.marks[name, default: 0] += count }
    }
}
