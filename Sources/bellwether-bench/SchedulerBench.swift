import Foundation
import Scheduling

/// How fast the scheduler alone decides: a cluster of 10,000 workers works off 1,000,000 tasks of 50 classes, in virtual time and
/// without anything around the scheduler. Every end of a task is an input of its own, as from workers that hold one task a core.
struct SchedulerBench {
    static let workers = 10_000
    static let tasks = 1_000_000
    static let classes = 50

    func run() {
        var scheduler = Scheduler(configuration: SchedulerConfiguration(term: 1), now: Instant(nanoseconds: 0))
        for worker in 0..<Self.workers {
            // Four kinds of machines, some with GPUs and labels.
            let kind = Int64(worker % 4)
            let capacity = Resources(
                milliCPU: 4_000 + 2_000 * kind, memory: (16 + 16 * kind) << 30, milliGPU: kind == 3 ? 2_000 : 0)
            var registration = Registration(capacity: capacity, holding: [])
            registration.labels = [WorkerLabel("zone", kind < 2 ? "a" : "b")]
            _ = scheduler.handle(.register(WorkerID(Int32(worker)), registration), at: Instant(nanoseconds: 0))
        }
        var cluster = Cluster()
        let begun = ContinuousClock.now
        for number in 0..<Self.classes {
            let job = JobID(Int64(number) + 1)
            var asked = [Resources(milliCPU: 500 + Int64(number) * 20, memory: Int64(1 + number % 7) << 28)]
            if number % 10 == 0 { asked.append(Resources(milliCPU: 100, memory: 1 << 28, milliGPU: 250)) }
            let conditions = number % 5 == 0 ? [LabelCondition("zone", ["b"])] : []
            let submission = JobSubmission(job: job, priority: Int32(number % 3), demand: Demand(asked, conditions: conditions))
            _ = scheduler.handle(.submit(submission), at: Instant(nanoseconds: 0))
            let tasks = Int32(Self.tasks / Self.classes)
            cluster.take(scheduler.handle(.append(job, [.range(0..<tasks)]), at: Instant(nanoseconds: 0)))
        }
        while let (now, worker, report) = cluster.next() {
            cluster.take(scheduler.handle(.report(WorkerID(worker), [report]), at: Instant(nanoseconds: now)))
        }
        let seconds = (ContinuousClock.now - begun) / .seconds(1)
        guard cluster.assigned == Self.tasks, scheduler.queuedCount == 0, scheduler.assignedCount == 0 else {
            FileHandle.standardError.write(Data("scheduler: \(cluster.assigned) of \(Self.tasks) tasks were assigned\n".utf8))
            exit(1)
        }
        Output.line([
            "name": .text("scheduler.decisions_per_s"), "value": .number((Double(Self.tasks) / seconds).rounded()),
            "unit": .text("1/s"),
            "workers": .number(Double(Self.workers)), "tasks": .number(Double(Self.tasks)),
            "classes": .number(Double(Self.classes)),
            "inputs": .number(Double(cluster.reports)), "seconds": .number(seconds),
        ])
    }

    /// The workers: each attempt takes a drawn time of seconds, so that nothing is given ahead of need.
    private struct Cluster {
        private let milliseconds: ClosedRange<Int64> = 1_000...3_000
        /// Attempts that run, by the millisecond in which they end; a ring that is longer than the longest run.
        private var ring: [[(worker: Int32, attempt: TaskAttempt, ran: Int64)]]
        private var now: Int64 = 0
        private var running = 0
        private var draw: UInt64 = 7
        private(set) var assigned = 0
        private(set) var reports = 0

        init() { ring = Array(repeating: [], count: Int(milliseconds.upperBound) + 1) }

        mutating func take(_ output: Scheduling.Output) {
            for case .assign(let worker, let attempts) in output.commands {
                for attempt in attempts {
                    draw = draw &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                    let span = UInt64(milliseconds.upperBound - milliseconds.lowerBound)
                    let ran = milliseconds.lowerBound + Int64((draw >> 33) % (span + 1))
                    ring[Int(now + ran) % ring.count].append((worker.rawValue, attempt, ran))
                    running += 1
                }
                assigned += attempts.count
            }
        }

        /// The next end of an attempt; nil when nothing runs.
        mutating func next() -> (now: Int64, worker: Int32, report: AttemptReport)? {
            guard running > 0 else { return nil }
            while ring[Int(now) % ring.count].isEmpty { now += 1 }
            let (worker, attempt, ran) = ring[Int(now) % ring.count].removeLast()
            running -= 1
            reports += 1
            return (now * 1_000_000, worker, AttemptReport(attempt: attempt, outcome: .succeeded, ranMicroseconds: ran * 1_000))
        }
    }
}
