import Scheduling

/// What a simulation is made of and which faults it suffers. Each seed draws a subset of the faults and their intensity.
struct SimulationProfile {
    var workers = 100
    var jobs = 8
    var tasksPerJob: ClosedRange<Int64> = 10...60
    /// Tasks that a plan adds as one range.
    var rangeLength: ClosedRange<Int64> = 1...12
    /// How long faults are injected, in milliseconds of virtual time; then everything heals and must come to its end.
    var faultMilliseconds: Int64 = 10_000
    /// How long it may take after that until all jobs are over, in the unit of the profile.
    var patienceMilliseconds: Int64 = 120_000
    /// Jobs follow one another at this distance; nil lets them come at any time of the first half.
    var recurringMilliseconds: Int64?
    /// By how much every duration is longer than usual: heartbeats, leases, tasks, pauses.
    var unit: Int64 = 1
    var heartbeat: Int64 = 500
    var lease: Int64 = 2_000
    /// Most tasks run so long, and some several times as long.
    var taskMilliseconds: ClosedRange<Int64> = 5...100
    /// Rules that look at everything are applied at every step, or at every so many.
    var checkEvery = 1

    // Network, per message.
    var latencyMilliseconds: ClosedRange<Int64> = 1...5
    var loss = 0.0
    var duplication = 0.0
    /// Chance of a delay of up to a second, which lets later messages overtake.
    var straggling = 0.0
    /// Messages that may be under way to one worker; the transport drops what is beyond.
    var outboundLimit = 16

    // Faults: mean milliseconds between two of a kind over the whole cluster; nil is never.
    /// One direction of a worker's connection is silent for a while, or both hold everything back.
    var linkFaultEvery: Int64?
    var workerCrashEvery: Int64?
    var workerPauseEvery: Int64?
    var workerDrainEvery: Int64?
    var headCrashEvery: Int64?
    var headPauseEvery: Int64?
    /// A commit is refused, or done and not answered; the store is away, or crashes.
    var storeFaultEvery: Int64?
    /// A worker's disk is full for a while.
    var diskFaultEvery: Int64?
    /// The wall clocks jump by years.
    var wallJumpEvery: Int64?
    /// The journal is folded.
    var foldEvery: Int64? = 700
    /// Head and workers are replaced one after the other, each when it has drained.
    var upgradeEvery: Int64?
    /// Monotonic clocks run fast or slow by up to so much.
    var drift = 0.0
    /// A second head stands by and takes over from one that is silent.
    var hasStandby = false

    // Work.
    /// Whether jobs use all the room there is: no quota, no limit of their own.
    var isUnlimited = false
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

    /// A worker that has heard nothing for so long opens a new session.
    var silence: Int64 { lease * 3 / 4 }
    var stopGrace: Int64 { 1_000 * unit }
    /// How long a head may hang before the one that stands by takes over.
    var patience: Int64 { 1_500 * unit }
}
