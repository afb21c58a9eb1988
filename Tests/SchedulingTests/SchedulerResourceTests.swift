import Scheduling
import Testing

/// GPUs, named resources, choices, labels and datasets.
@Suite struct SchedulerResourceTests {
    private func asks(
        cpu: Int64 = 1_000, gpu: Int64 = 0, _ others: [(name: String, milli: Int64)] = []
    ) -> Resources {
        Resources(milliCPU: cpu, memory: 0, milliGPU: gpu, others: NamedAmounts(others))
    }

    /// Attempts that each worker was assigned.
    private func load(_ output: Output) -> [Int32: Int] {
        var load: [Int32: Int] = [:]
        for case .assign(let worker, let attempts) in output.commands { load[worker.rawValue, default: 0] += attempts.count }
        return load
    }

    private func register(
        _ harness: inout SchedulerHarness, _ worker: Int32, _ capacity: Resources, labels: [WorkerLabel] = [],
        datasets: [String] = []
    ) {
        var registration = Registration(capacity: capacity, holding: [])
        (registration.labels, registration.datasets) = (labels, datasets)
        harness.send(.register(WorkerID(worker), registration))
    }

    @Test func `parts of a GPU share one, and what is left of two is not one`() {
        var harness = SchedulerHarness()
        register(&harness, 1, asks(cpu: 8_000, gpu: 2_000))
        harness.submit(1, tasks: 0..<4) { $0.demand = Demand([asks(gpu: 600)]) }
        #expect(harness.scheduler.workers[0].assigned == 2)
        harness.submit(2, tasks: 0..<1) { $0.demand = Demand([asks(gpu: 800)]) }
        #expect(harness.scheduler.workers[0].inUse.milliGPU == 1_200)
        // 0.4 is free of each, so a third of 0.4 fits twice and nothing larger.
        harness.submit(3, tasks: 0..<3) {
            $0.demand = Demand([asks(gpu: 400)]); $0.priority = 1
        }
        #expect(harness.scheduler.workers[0].inUse.milliGPU == 2_000)
        #expect(
            harness.scheduler.explain(JobID(2))?.reasons.first
                == .noRoom(
                    asked: asks(gpu: 800), workers: 1, closest: WorkerID(1), free: Resources(milliCPU: 4_000, memory: 0)))
    }

    @Test func `whole GPUs are only taken where nobody has a part`() {
        var harness = SchedulerHarness()
        register(&harness, 1, asks(cpu: 8_000, gpu: 2_000))
        harness.submit(1, tasks: 0..<2) { $0.demand = Demand([asks(gpu: 500)]) }
        harness.submit(2, tasks: 0..<2) { $0.demand = Demand([asks(gpu: 1_000)]) }
        // The two halves are on the same GPU, so one whole is left.
        #expect(harness.scheduler.workers[0].inUse.milliGPU == 2_000)
        #expect(harness.scheduler.counts(of: JobID(2))?.assigned == 1)
        harness.submit(3, tasks: 0..<1) { $0.demand = Demand([asks(gpu: 3_000)]) }
        #expect(
            harness.scheduler.explain(JobID(3))?.reasons
                == [.tooLarge(asked: asks(gpu: 3_000), best: WorkerID(1), capacity: asks(cpu: 8_000, gpu: 2_000))])
    }

    @Test func `named resources bound what runs, exactly, in thousandths`() {
        var harness = SchedulerHarness()
        register(&harness, 1, asks(cpu: 64_000, [("licence", 1_000)]))
        register(&harness, 2, asks(cpu: 64_000, [("disk", 4_000), ("licence", 300)]))
        harness.submit()
        harness.submit(2) { $0.demand = Demand([asks([("licence", 100)])]) }
        let output = harness.send(.append(JobID(2), [.range(0..<100)]))
        #expect(load(output) == [1: 10, 2: 3])
        harness.submit(3, tasks: 0..<1) { $0.demand = Demand([asks([("tape", 1)])]) }
        #expect(harness.scheduler.counts(of: JobID(3))?.assigned == 0)
        guard case .tooLarge(let asked, _, let capacity)? = harness.scheduler.explain(JobID(3))?.reasons.first else {
            Issue.record("the missing resource is not named")
            return
        }
        #expect(asked.shortageNames(in: capacity) == "tape")
    }

    @Test func `the first choice that fits is taken, and its worker is told which`() {
        var harness = SchedulerHarness()
        let choices = [asks(cpu: 4_000), asks(cpu: 1_000, gpu: 1_000)]
        register(&harness, 1, asks(cpu: 5_000, gpu: 1_000))
        harness.submit(tasks: 0..<3) { $0.demand = Demand(choices) }
        harness.expect(commands: [assign(1, attempt(1, 0, 1)), assign(1, attempt(1, 1, 2))].merged)
        #expect((0..<2).map { harness.scheduler.choice(of: TaskID(job: JobID(1), index: $0)) } == [0, 1])
        #expect(harness.scheduler.workers[0].inUse == asks(cpu: 5_000, gpu: 1_000))
        // After a restart the worker says what its attempts take.
        var registration = Registration(capacity: asks(cpu: 5_000, gpu: 1_000), holding: [attempt(1, 1, 2)])
        registration.choices = [attempt(1, 1, 2): 1]
        var next = SchedulerHarness(term: 2)
        next.submit(tasks: 0..<3) { $0.demand = Demand(choices) }
        next.send(.register(WorkerID(1), registration))
        #expect(next.scheduler.workers[0].inUse == asks(cpu: 5_000, gpu: 1_000))
    }

    @Test func `tasks run only where the labels are right`() {
        var harness = SchedulerHarness()
        register(&harness, 1, asks(cpu: 8_000), labels: [WorkerLabel("zone", "a")])
        register(&harness, 2, asks(cpu: 2_000), labels: [WorkerLabel("zone", "b"), WorkerLabel("disk", "ssd")])
        harness.submit(1) {
            $0.demand = Demand([asks()], conditions: [LabelCondition("zone", ["b", "c"]), LabelCondition("disk", ["ssd"])])
        }
        #expect(load(harness.send(.append(JobID(1), [.range(0..<4)]))) == [2: 2])
        harness.submit(2, tasks: 0..<1) { $0.demand = Demand([asks()], conditions: [LabelCondition("zone", ["z"])]) }
        #expect(harness.scheduler.explain(JobID(2))?.reasons == [.noSuchLabels([LabelCondition("zone", ["z"])])])
        register(&harness, 3, asks(), labels: [WorkerLabel("zone", "z")])
        #expect(harness.scheduler.counts(of: JobID(2))?.assigned == 1)
    }

    @Test func `labels are kept apart however many kinds of workers there are`() {
        var harness = SchedulerHarness()
        for worker in Int32(0)..<200 { register(&harness, worker, asks(), labels: [WorkerLabel("host", "h\(worker)")]) }
        for job in Int64(0)..<200 {
            harness.send(
                .submit(
                    JobSubmission(
                        job: JobID(job), demand: Demand([asks()], conditions: [LabelCondition("host", ["h\(199 - job)"])]))))
            let output = harness.send(.append(JobID(job), [.range(0..<2)]))
            #expect(load(output) == [Int32(199 - job): 1])
        }
    }

    @Test func `a worker that holds the dataset goes first, and is not waited for`() {
        var harness = SchedulerHarness()
        for worker in Int32(1)...4 { register(&harness, worker, asks(cpu: 2_000), datasets: worker == 3 ? ["bars"] : []) }
        harness.submit(1) { ($0.demand, $0.dataset) = (Demand([asks()]), "bars") }
        #expect(load(harness.send(.append(JobID(1), [.range(0..<1)]))) == [3: 1])
        #expect(load(harness.send(.append(JobID(1), [.range(1..<2)]))) == [3: 1])
        #expect(load(harness.send(.append(JobID(1), [.range(2..<4)]))).keys.contains(3) == false)
        // Those fetch it, and have it from now on.
        harness.report(3, attempt(1, 0, 1))
        harness.send(.gone(WorkerID(3), planned: true))
        let holders = harness.scheduler.workers.filter { $0.assigned > 0 }.map(\.id.rawValue)
        #expect(holders.count == 3 || holders.count == 2)
    }

    @Test func `a class that is stuck moves on with the worker that gets room`() {
        var harness = SchedulerHarness()
        for worker in Int32(1)...3 { register(&harness, worker, asks(cpu: 1_000)) }
        harness.submit(1, tasks: 0..<3)
        harness.submit(2, tasks: 0..<3, priority: 1)
        harness.submit(3, tasks: 0..<2, priority: 2, cpu: 2)
        harness.pending = Output()
        harness.report(2, attempt(1, 1, 2))
        harness.expect(
            commands: [assign(2, attempt(2, 0, 4))], ended: [ended(.succeeded, by: attempt(1, 1, 2))], verdicts: [.accepted])
        register(&harness, 4, asks(cpu: 2_000))
        harness.expect(commands: [assign(4, attempt(3, 0, 5))])
        harness.expectNothingElse()
    }
}

extension [Command] {
    /// Assignments to the same worker as one.
    fileprivate var merged: [Command] {
        reduce(into: []) { commands, command in
            if case .assign(let worker, let more) = command, case .assign(worker, let attempts)? = commands.last {
                commands[commands.count - 1] = .assign(worker, attempts + more)
            } else {
                commands.append(command)
            }
        }
    }
}
