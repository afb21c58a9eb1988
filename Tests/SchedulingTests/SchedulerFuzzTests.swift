import Scheduling
import Testing

/// Random inputs, most of them plausible and many of them nonsense. Nothing may trap, and every rule must hold after each.
@Suite struct SchedulerFuzzTests {
    private struct Generator: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
    }

    /// Draws inputs over few jobs, workers and tasks, so that they meet.
    private struct Source {
        var generator: Generator
        var named: [TaskAttempt] = []
        var now: Int64 = 0

        mutating func pick<T>(_ choices: [T]) -> T { choices[Int(generator.next() % UInt64(choices.count))] }
        mutating func small(_ bound: Int64) -> Int64 { Int64(generator.next() % UInt64(bound)) }
        mutating func isOdd() -> Bool { generator.next() & 15 == 0 }

        mutating func number(_ bound: Int64) -> Int64 {
            isOdd() ? pick([.min, .max, -1, 0, 1, Int64(Int32.max), Int64(Int32.min), .max / 2, 1 << 40]) : small(bound)
        }
        mutating func index() -> Int32 { isOdd() ? pick([.min, .max, -1, .max - 1]) : Int32(small(60)) }
        mutating func range() -> Range<Int32> {
            let (a, b) = (index(), index())
            // A range without end is cut by the limit of tasks per job.
            return min(a, b)..<max(a, b)
        }
        mutating func job() -> JobID { JobID(isOdd() ? pick([.min, .max, 0, -7]) : 1 + small(12)) }
        mutating func worker() -> WorkerID { WorkerID(isOdd() ? pick([.min, .max, -1]) : Int32(small(8))) }
        mutating func resources() -> Resources {
            var asked = Resources(milliCPU: number(3_000), memory: number(3) << 20)
            if small(3) == 0 { asked.milliGPU = pick([number(1_000), 500, 1_000, 2_000]) }
            if small(4) == 0 { asked.others = others(2_000) }
            return asked
        }
        mutating func capacity() -> Resources {
            var capacity = Resources(milliCPU: number(9_000), memory: number(9) << 20)
            if small(2) == 0 { capacity.milliGPU = isOdd() ? number(20_000) : small(4) * 1_000 }
            if small(2) == 0 { capacity.others = others(5_000) }
            return capacity
        }
        mutating func others(_ bound: Int64) -> NamedAmounts {
            NamedAmounts(
                (0..<small(3)).map { _ in (name: pick(["licence", "disk", "fpga", "tape", "Odd name"]), milli: number(bound)) })
        }
        mutating func demand() -> Demand {
            let conditions = small(4) == 0 ? [LabelCondition("zone", [pick(["a", "b"]), pick(["b", "c"])])] : []
            return Demand(
                (0..<small(4)).map { _ in resources() }, conditions: conditions, gang: small(4) == 0 ? pick([2, 3, .max, -1]) : 1)
        }
        mutating func registration() -> Registration {
            var registration = Registration(capacity: capacity(), holding: (0..<small(6)).map { _ in attempt() })
            for name in registration.holding where small(3) == 0 { registration.choices[name] = Int(number(4)) }
            if small(2) == 0 { registration.labels = [WorkerLabel("zone", pick(["a", "b", "c"]))] }
            if small(8) == 0 { registration.labels.append(WorkerLabel("host", "\(small(200))")) }
            registration.datasets = (0..<small(3)).map { _ in pick(["bars", "ticks", "news"]) }
            return registration
        }
        mutating func attempt() -> TaskAttempt {
            if !named.isEmpty, !isOdd() { return named[named.count - 1 - Int(small(Int64(min(named.count, 40))))] }
            return TaskAttempt(task: TaskID(job: job(), index: index()), attempt: Attempt(term: number(4), number: number(200)))
        }
        mutating func outcome() -> AttemptOutcome {
            pick([.succeeded, .succeeded, .failed(retryable: true), .failed(retryable: false), .cancelled])
        }
        mutating func batch() -> TaskBatch { small(3) == 0 ? .dependent(index(), on: range()) : .range(range()) }

        mutating func input() -> Input {
            switch small(40) {
            case 0..<3:
                let retry = RetryPolicy(
                    maximum: Int32(truncatingIfNeeded: number(4)), backoffMilliseconds: number(50),
                    backoffLimitMilliseconds: number(200))
                var submission = JobSubmission(
                    job: job(), priority: Int32(truncatingIfNeeded: number(3)), demand: demand(), retry: retry,
                    timeoutMilliseconds: small(2) == 0 ? nil : number(300))
                submission.queue = pick(["default", "half", "capped", "nobody named it"])
                submission.dataset = small(2) == 0 ? pick(["bars", "ticks", "news"]) : nil
                submission.runningLimit = small(3) == 0 ? Int32(truncatingIfNeeded: number(3)) : nil
                submission.deadline = small(2) == 0 ? Instant(nanoseconds: number(1 << 40)) : nil
                submission.queuedLimitMilliseconds = small(4) == 0 ? number(200) : nil
                submission.totalLimitMilliseconds = small(4) == 0 ? number(900) : nil
                return .submit(submission)
            case 3..<6: return .append(job(), (0..<small(4)).map { _ in batch() })
            case 6: return .restore(job(), (0..<small(4)).map { _ in RestoredTask(index: index(), succeeded: small(2) == 0) })
            case 7: return small(4) == 0 ? .end(job()) : .heartbeat(worker())
            case 8: return small(4) == 0 ? .cancel(job()) : .heartbeat(worker())
            case 9..<14:
                return .register(worker(), registration())
            case 14..<30:
                return .report(
                    worker(),
                    (0..<small(5)).map { _ in
                        AttemptReport(attempt: attempt(), outcome: outcome(), ranMicroseconds: number(90_000))
                    })
            case 30: return small(3) == 0 ? .drain(worker()) : .heartbeat(worker())
            case 31: return .gone(worker(), planned: small(2) == 0)
            case 32: return .hold(job(), pick(Hold.allCases))
            case 33: return .release(job(), pick(Hold.allCases))
            case 34: return small(3) == 0 ? .cancelTasks(job(), (0..<small(3)).map { _ in range() }) : .tick
            default: return .tick
            }
        }

        mutating func instant() -> Instant {
            now += small(40) * 1_000_000
            if generator.next() % 97 == 0 { return Instant(nanoseconds: pick([.min, -1, 0, now / 2])) }
            return Instant(nanoseconds: now)
        }
    }

    @Test(arguments: UInt64(1)...8)
    func `no input breaks a rule`(seed: UInt64) {
        var source = Source(generator: Generator(state: seed))
        var configuration = SchedulerConfiguration(term: 3)
        configuration.leaseMilliseconds = 400
        configuration.tasksPerJobLimit = 100
        configuration.prefillLimit = Int32(seed % 4) * 3
        configuration.recoveryGraceMilliseconds = Int64(seed % 2) * 500
        configuration.stopGraceMilliseconds = 50
        configuration.queues = [
            QueueDefinition(name: "half", weight: .max), QueueDefinition(name: "capped", weight: -1, quota: source.resources()),
        ]
        var scheduler = Scheduler(configuration: configuration, now: Instant(nanoseconds: 0))
        var over: Set<TaskID> = []
        var named: Set<TaskAttempt> = []
        for step in 0..<1_000 {
            let input = source.input()
            let output = scheduler.handle(input, at: source.instant())
            let broken = scheduler.inconsistencies()
            if !broken.isEmpty {
                Issue.record("seed \(seed), step \(step): \(broken) after \(input)")
                return
            }
            if case .report(_, let reports) = input {
                #expect(output.verdicts.count == reports.count)
            } else {
                #expect(output.verdicts.isEmpty)
            }
            for ended in output.ended { #expect(over.insert(ended.task).inserted, "seed \(seed), step \(step): \(ended) twice") }
            for case .assign(_, let attempts) in output.commands {
                for name in attempts {
                    #expect(!over.contains(name.task) && name.attempt.term == 3 && named.insert(name).inserted)
                }
                source.named += attempts
            }
        }
        #expect(named.count > 25, "seed \(seed) assigned hardly anything")
        // A copy is a value of its own: it goes the same way from here, and the original does not notice.
        var copy = scheduler
        let instant = source.instant()
        let input = source.input()
        #expect(copy.handle(input, at: instant) == scheduler.handle(input, at: instant))
    }

    @Test func `extreme configurations are taken as the nearest sensible ones`() {
        for value in [Int64.min, -1, 0, .max] {
            var configuration = SchedulerConfiguration(term: value)
            configuration.leaseMilliseconds = value
            configuration.recoveryGraceMilliseconds = value
            configuration.stopGraceMilliseconds = value
            configuration.prefillMilliseconds = value
            configuration.deathsToQuarantine = Int32(clamping: value)
            configuration.prefillLimit = Int32(clamping: value)
            configuration.tasksPerJobLimit = Int32(clamping: value)
            for start in [Int64.min, 0, .max] {
                var scheduler = Scheduler(configuration: configuration, now: Instant(nanoseconds: start))
                _ = scheduler.handle(
                    .submit(JobSubmission(job: JobID(1), resources: .zero, timeoutMilliseconds: value)),
                    at: Instant(nanoseconds: 0))
                _ = scheduler.handle(.append(JobID(1), [.range(0..<100)]), at: Instant(nanoseconds: 0))
                let registration = Registration(capacity: Resources(milliCPU: 4_000, memory: 0), holding: [])
                _ = scheduler.handle(.register(WorkerID(1), registration), at: Instant(nanoseconds: 0))
                for instant in [Int64.max, 0, .min] { _ = scheduler.handle(.tick, at: Instant(nanoseconds: instant)) }
                #expect(scheduler.inconsistencies() == [])
            }
        }
    }
}
