import Scheduling

/// How a task behaves when it is run.
enum Behaviour: String {
    case normal, flaky, failing, poison, stuck, stubborn
}

/// One job of a simulation: what is submitted, and what becomes of it.
struct SimulatedPlan {
    var submission: JobSubmission
    var appends: [[TaskBatch]]
    var submitAt: Int64
    var cancelAt: Int64?
    var behaviours: [Behaviour]
    var dependencies: [Int32: Range<Int32>]

    static func draw(job: Int64, profile: SimulationProfile, random: inout SimulationRandom) -> SimulatedPlan {
        let count = Int32(random.integer(profile.tasksPerJob))
        var dependencies: [Int32: Range<Int32>] = [:]
        var appends: [[TaskBatch]] = []
        var batches: [TaskBatch] = []
        var next: Int32 = 0
        while next < count {
            let length = min(Int32(random.integer(profile.rangeLength)), count - next)
            batches.append(.range(next..<next + length))
            next += length
            if random.chance(0.4) {
                let first = random.chance(0.3) ? 0 : next - length
                batches.append(.dependent(next, on: first..<next))
                dependencies[next] = first..<next
                next += 1
            }
            if random.chance(0.2) {
                appends.append(batches)
                batches = []
            }
        }
        if !batches.isEmpty { appends.append(batches) }
        let behaviours = (0..<next).map { _ -> Behaviour in
            if random.chance(profile.poisonTasks) { return .poison }
            if random.chance(profile.stuckTasks) { return .stuck }
            if random.chance(profile.stubbornTasks) { return .stubborn }
            if random.chance(profile.failingTasks) { return .failing }
            return random.chance(profile.flakyTasks) ? .flaky : .normal
        }
        let drawnAt = random.integer(0...profile.faultMilliseconds / 2)
        let submitAt = profile.recurringMilliseconds.map { $0 * (job - 1) } ?? drawnAt
        var submission = JobSubmission(
            job: JobID(job), priority: Int32(random.integer(0...2)),
            resources: Resources(milliCPU: random.integer(1...4) * 500, memory: random.integer(0...2) << 28),
            retry: RetryPolicy(
                maximum: 3, backoffMilliseconds: 50 * profile.unit, backoffLimitMilliseconds: 400 * profile.unit),
            timeoutMilliseconds: max(4_000 * profile.unit, 4 * profile.taskMilliseconds.upperBound))
        // Queues that share, one of them with a quota; see `SimulationProfile.queues`.
        submission.queue = ["default", "research", "capped"][Int(random.integer(0...(profile.isUnlimited ? 1 : 2)))]
        if random.chance(0.3) {
            // What not every worker has is a first choice only, so that nothing waits for ever.
            var better = submission.resources
            better.milliGPU = [250, 400, 1_000][Int(random.integer(0...2))]
            better.others["licence"] = random.integer(0...2) * 250
            submission.demand = Demand([better, submission.resources])
        }
        if !profile.isUnlimited, random.chance(0.3) { submission.runningLimit = Int32(random.integer(1...6)) }
        if random.chance(0.3) {
            submission.deadline = Instant(nanoseconds: random.integer(1...20_000) * profile.unit * 1_000_000)
        }
        return SimulatedPlan(
            submission: submission, appends: appends, submitAt: submitAt,
            cancelAt: random.chance(profile.cancelledJobs) ? submitAt + random.integer(0...6_000) * profile.unit : nil,
            behaviours: behaviours,
            dependencies: dependencies)
    }
}
