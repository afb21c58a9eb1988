/// The scheduler: decides which worker runs which task, and what a task has come to.
///
/// It is a value. It reads no clock and draws no random number, so the same inputs at the same instants give the same
/// outputs; it never throws and never traps, whatever it is told. The head owns one and feeds it everything that happens.
///
/// Rules that hold whatever the input:
/// - An attempt is *current* until it is decided or another attempt of its task is named. Only a current attempt's report
///   counts; every other one is fenced. An attempt that was lost with its worker stays current while its task waits in
///   the queue, so a worker that was only paused is heard; an attempt named by an earlier head stays current until this
///   head names, adopts or decides one.
/// - What may run on a worker at once never asks for more than its capacity. Attempts beyond that wait on the worker, which
///   starts them strictly in the order of assignment.
/// - Time passes on `.tick` only. The head ticks after it has handled everything that waited for it, so a pause of the
///   head itself does not look like the silence of its workers.
/// - Nothing is assigned before the recovery grace, counted from `init`, is over.
/// - A worker whose claimed capacity is not plausible is registered with no capacity. A task is charged at least one
///   thousandth of a core. Indices below zero, indices known before, and tasks beyond the limit per job are ignored.
/// - Time that goes backwards stands still.
package struct Scheduler: Sendable {
    let configuration: SchedulerConfiguration
    var clock: Instant
    let assignsFrom: Instant

    var jobs: [JobState] = []
    var jobSlots: [JobID: Int32] = [:]
    var freeJobSlots: [Int32] = []
    var endedJobs = JobNumbers()

    var workerStates: [WorkerState] = []
    var workerSlots: [WorkerID: Int32] = [:]
    var freeWorkerSlots: [Int32] = []
    var kinds: [WorkerKind] = []
    var kindNumbers: [WorkerKind.Key: Int32] = [:]
    var freeKinds: [Int32] = []
    var kindCursor = 0
    var incarnations: Int64 = 0
    /// Workers that take tasks and have a capacity.
    var takers = 0

    var pool = AssignmentPool()
    /// Assignments whose task no longer cares, by name.
    var detached: [DetachedName: Int32] = [:]
    /// Attempts told to stop for their timeout, oldest first.
    var stopping = AssignmentList()
    var isStopArmed = false
    var attemptsNamed: Int64 = 0

    var queues: [QueueState] = []
    var queueNumbers: [String: Int32] = [:]
    /// Capacity of the workers that take tasks.
    var capacity = Resources.zero

    var demands: [DemandState] = []
    var demandNumbers: [Demand: Int32] = [:]
    var freeDemands: [Int32] = []
    var datasets: [DatasetHolders] = []
    var datasetNumbers: [String: Int32] = [:]

    var classes: [TaskClass] = []
    var classNumbers: [TaskClass.Key: Int32] = [:]
    var freeClasses: [Int32] = []
    var activeClasses: [Int32] = []
    var readyTotal = 0
    /// Workers that may have got room since classes were found to be stuck.
    var fresh: [Int32] = []
    /// Those of them with which classes that were stuck are tried in this pass.
    var hopes: [Int32] = []
    /// The first in order of the classes that have no chance in this pass.
    var firstStuck: Int32?
    var pass: Int64 = 0
    /// The worker kept free for the first class in order that found no room, so that smaller tasks behind it in order
    /// don't keep it out for ever; as many as it takes for a gang.
    var reservation: (taskClass: Int32, workers: [Int32])?
    /// Tasks of gangs that turned up on a worker which registered: the rest of their gang may not.
    var partGangs: [TaskID] = []

    /// Attempts that wait on workers and may be taken back, by priority, lowest first.
    var waiting = PriorityCounts()
    /// Attempts that workers were asked to give back and have not answered for.
    var retractions = 0

    /// Tasks of open jobs by the raw value of their state.
    var totals = SIMD8<Int64>(repeating: 0)
    var timers = TimerQueue()
    /// Timers for limits of jobs that have ended.
    var staleTimers = 0
    var output = Output()
    /// Workers with something outgoing, in the order it began.
    var touched: [Int32] = []

    package init(configuration: SchedulerConfiguration, now: Instant) {
        self.configuration = configuration.clamped()
        clock = min(max(now, Scheduler.earliest), Scheduler.latest)
        for definition in configuration.queues where queueNumbers[definition.name] == nil {
            queueNumbers[definition.name] = Int32(queues.count)
            queues.append(QueueState(definition))
        }
        assignsFrom = clock.advanced(byMilliseconds: self.configuration.recoveryGraceMilliseconds)
        if assignsFrom > clock { timers.arm(.recovery, due: assignsFrom) }
    }

    /// Takes one input, and says what follows from it.
    package mutating func handle(_ input: Input, at now: Instant) -> Output {
        clock = max(clock, min(now, Scheduler.latest))
        output = Output()
        switch input {
        case .submit(let submission): submit(submission)
        case .append(let job, let batches): append(batches, to: job)
        case .restore(let job, let tasks): restore(tasks, of: job)
        case .end(let job): end(job, .jobEnded)
        case .cancel(let job): end(job, .asked)
        case .cancelTasks(let job, let ranges): cancel(ranges, of: job)
        case .hold(let job, let hold): if let slot = jobSlots[job] { add(JobState.Holds(hold), to: slot) }
        case .release(let job, let hold): if let slot = jobSlots[job] { remove(JobState.Holds(hold), from: slot) }
        case .register(let worker, let registration): register(worker, registration)
        case .heartbeat(let worker): sawSign(of: worker)
        case .report(let worker, let reports): report(reports, from: worker)
        case .drain(let worker): drain(worker)
        case .gone(let worker, let planned): gone(worker, planned: planned)
        case .tick: passTime()
        }
        place()
        output.deadline = timers.first?.due
        var result = Output()
        swap(&result, &output)
        return result
    }

    /// Instants are kept this far from the ends of the number range, so that adding any delay to one cannot overflow.
    static let earliest = Instant(nanoseconds: .min / 4)
    static let latest = Instant(nanoseconds: .max / 4)
}
