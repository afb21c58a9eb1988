import Scheduling

/// What a simulation is made of and which faults it suffers. Each seed draws a subset of the faults and their intensity.
struct SimulationProfile {
    var workers = 100
    var jobs = 8
    var tasksPerJob: ClosedRange<Int64> = 10...60
    /// How long faults are injected, in milliseconds of virtual time; then everything heals and must come to its end.
    var faultMilliseconds: Int64 = 10_000
    var latencyMilliseconds: ClosedRange<Int64> = 1...5

    // Network, per message.
    var loss = 0.0
    var duplication = 0.0
    /// Chance of a delay of up to a second, which lets later messages overtake.
    var straggling = 0.0

    // Processes: mean milliseconds between two of a kind over the whole cluster; nil is never.
    var workerCrashEvery: Int64?
    var workerPauseEvery: Int64?
    var workerDrainEvery: Int64?
    var headCrashEvery: Int64?
    var headPauseEvery: Int64?

    // Work.
    var cancelledJobs = 0.0
    var flakyTasks = 0.0
    var failingTasks = 0.0
    var poisonTasks = 0.0
    var stuckTasks = 0.0
    /// Tasks that go on for longer than the grace after they were told to stop.
    var stubbornTasks = 0.0

    /// The queues that jobs are drawn into besides the standard one.
    static let queues = [
        QueueDefinition(name: "research", weight: 3),
        QueueDefinition(name: "capped", quota: Resources(milliCPU: 6_000, memory: 4 << 30)),
    ]

    /// No fault at all.
    static let calm = SimulationProfile()

    /// Every kind of fault, each drawn in or out by the seed.
    static func faulty(seed: UInt64) -> SimulationProfile {
        var random = SimulationRandom(seed: seed, stream: 1)
        var profile = SimulationProfile()
        func drawn(_ likelihood: Double, _ value: Double) -> Double { random.chance(likelihood) ? value : 0 }
        func every(_ range: ClosedRange<Int64>) -> Int64? { random.chance(0.6) ? random.integer(range) : nil }
        profile.loss = drawn(0.6, [0.001, 0.01, 0.05][Int(random.integer(0...2))])
        profile.duplication = drawn(0.6, [0.01, 0.1][Int(random.integer(0...1))])
        profile.straggling = drawn(0.6, [0.01, 0.1][Int(random.integer(0...1))])
        profile.workerCrashEvery = every(200...2_000)
        profile.workerPauseEvery = every(200...2_000)
        profile.workerDrainEvery = every(300...3_000)
        profile.headCrashEvery = every(1_000...5_000)
        profile.headPauseEvery = every(2_000...6_000)
        profile.cancelledJobs = drawn(0.6, 0.3)
        profile.flakyTasks = drawn(0.6, 0.1)
        profile.failingTasks = drawn(0.6, 0.03)
        profile.poisonTasks = drawn(0.6, 0.01)
        profile.stuckTasks = drawn(0.6, 0.02)
        profile.stubbornTasks = drawn(0.5, 0.01)
        // A small cluster is short of room: tasks queue, wait on their workers, and stay unclaimed when a worker is silent.
        if random.chance(0.4) { profile.workers = Int(random.integer(4...20)) }
        return profile
    }
}
