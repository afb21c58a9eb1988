import Scheduling

extension SimulationProfile {
    /// No fault at all.
    static let calm = SimulationProfile()

    /// `small`: every kind of fault, each drawn in or out by the seed.
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
        profile.linkFaultEvery = every(200...2_000)
        profile.storeFaultEvery = every(500...4_000)
        profile.diskFaultEvery = every(1_000...4_000)
        profile.wallJumpEvery = every(1_000...5_000)
        profile.foldEvery = every(200...1_000)
        profile.upgradeEvery = random.chance(0.2) ? 8_000 : nil
        profile.drift = drawn(0.6, 0.03)
        profile.hasStandby = random.chance(0.6)
        return profile
    }

    /// `wide`: 10,000 workers and a million tasks under light faults.
    static let wide: SimulationProfile = {
        var profile = SimulationProfile()
        (profile.workers, profile.jobs) = (10_000, 50)
        (profile.tasksPerJob, profile.rangeLength) = (20_000...20_000, 1_000...5_000)
        (profile.heartbeat, profile.lease) = (1_000, 6_000)
        profile.taskMilliseconds = 200...800
        profile.faultMilliseconds = 20_000
        (profile.checkEvery, profile.isUnlimited) = (1_000_000, true)
        (profile.loss, profile.duplication, profile.straggling) = (0.000_1, 0.001, 0.001)
        (profile.linkFaultEvery, profile.workerCrashEvery, profile.workerPauseEvery) = (500, 500, 500)
        (profile.workerDrainEvery, profile.headCrashEvery, profile.storeFaultEvery) = (500, 12_000, 3_000)
        (profile.flakyTasks, profile.failingTasks, profile.poisonTasks) = (0.001, 0.000_1, 0.000_01)
        return profile
    }()

    /// `long`: thirty days of jobs every hour, with crashes, partitions, outages and an upgrade every few days.
    static let long: SimulationProfile = {
        var profile = SimulationProfile()
        let (minute, day): (Int64, Int64) = (60_000, 86_400_000)
        profile.unit = 120
        (profile.workers, profile.jobs, profile.tasksPerJob) = (12, 24 * 30, 5...40)
        (profile.heartbeat, profile.lease) = (minute, 4 * minute)
        profile.taskMilliseconds = minute / 2...10 * minute
        (profile.faultMilliseconds, profile.recurringMilliseconds) = (30 * day, 60 * minute)
        (profile.loss, profile.duplication, profile.straggling) = (0.000_1, 0.001, 0.001)
        (profile.linkFaultEvery, profile.workerCrashEvery, profile.workerPauseEvery) = (day / 4, day / 4, day / 3)
        (profile.workerDrainEvery, profile.headCrashEvery, profile.headPauseEvery) = (day / 2, day, 2 * day)
        (profile.storeFaultEvery, profile.diskFaultEvery, profile.wallJumpEvery) = (day / 2, day, day)
        (profile.upgradeEvery, profile.foldEvery) = (4 * day, day / 8)
        (profile.drift, profile.hasStandby, profile.checkEvery) = (0.01, true, 20)
        (profile.cancelledJobs, profile.flakyTasks, profile.failingTasks) = (0.05, 0.02, 0.005)
        (profile.poisonTasks, profile.stuckTasks) = (0.000_5, 0.001)
        return profile
    }()

    /// `load`: an hour in which every slot of 200 workers is taken and nothing fails, with the product's own heartbeat and lease.
    static let load: SimulationProfile = {
        var profile = SimulationProfile()
        (profile.workers, profile.jobs) = (200, 60)
        (profile.tasksPerJob, profile.rangeLength) = (11_000...12_000, 500...1_000)
        (profile.heartbeat, profile.lease) = (1_000, 6_000)
        profile.taskMilliseconds = 500...2_000
        (profile.faultMilliseconds, profile.recurringMilliseconds) = (3_600_000, 60_000)
        profile.patienceMilliseconds = 900_000
        profile.latencyMilliseconds = 1...200
        profile.drift = 0.01
        (profile.checkEvery, profile.isUnlimited) = (100_000, true)
        return profile
    }()
}
