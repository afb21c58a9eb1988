import Diagnostics
import Scheduling
import Stores
import Testing

@testable import Cluster

/// A study whose trials are evaluated by programs outside, with a head and without a worker.
@Suite(.timeLimit(.minutes(1))) struct ExternalStudyTests {
    private func spec(trials: Int = 12, lease: String = "60s", more: String = "") -> String {
        """
        job: study
        name: outside
        objective: {external: {lease: \(lease)}, minimize: loss}
        parameters: {x: {float: [-1, 1]}, scale: 2}
        search: {sampler: tpe, trials: \(trials), seed: 3, parallelTrials: 4}
        \(more)
        """
    }

    private func submit(_ head: RunningHead, _ spec: String) async throws -> JobID {
        JobID(try await head.head.submit(SubmitRequest(uid: "u", spec: spec)).view.id)
    }

    private func told(_ trial: AskedTrial) -> Tell {
        guard case .number(let x)? = trial.parameters["x"], case .number(let scale)? = trial.parameters["scale"] else {
            return Tell(number: trial.number, attempt: trial.attempt, error: "no parameters")
        }
        return Tell(number: trial.number, attempt: trial.attempt, metrics: ["loss": scale * (x - 0.25) * (x - 0.25)])
    }

    /// Takes up to `count` at once until the study is over.
    private func work(_ head: RunningHead, _ job: JobID, count: Int) async throws {
        while true {
            let asked = try await head.head.ask(job, AskRequest(holder: "test", count: count))
            guard asked.state == "running" else { return }
            guard !asked.trials.isEmpty else { continue }
            let view = try await head.head.tell(job, TellRequest(tells: asked.trials.map(told)))
            #expect(view.taken == asked.trials.count && view.refused.isEmpty)
        }
    }

    private func code(_ body: () async throws -> some Sendable) async -> String? {
        do {
            _ = try await body()
            return nil
        } catch {
            return (error as? any DiagnosticError)?.code
        }
    }

    @Test func `the same study comes of one taker or several, and its trials are on record`() async throws {
        var hashes: Set<String> = []
        for count in [1, 3] {
            let cluster = try TestCluster()
            let head = try cluster.head()
            let job = try await submit(head, spec())
            try await work(head, job, count: count)
            let view = try #require(try head.head.view(of: job))
            #expect(view.state == "succeeded" && view.result?.tasks == 12 && view.result?.failed == 0)
            #expect(try head.head.trials(of: job).map(\.state) == Array(repeating: "succeeded", count: 12))
            #expect(try head.head.tasks(of: job, after: -1, limit: 99).allSatisfy { $0.worker == "test" })
            hashes.insert(try #require(view.result?.resultHash))
            try await head.stop()
        }
        #expect(hashes.count == 1)
    }

    @Test func `late, repeated and senseless tells change nothing`() async throws {
        let cluster = try TestCluster()
        let head = try cluster.head()
        let job = try await submit(head, spec())
        let trial = try #require(try await head.head.ask(job, AskRequest()).trials.first)
        let other = Tell(number: trial.number, attempt: "9.9", metrics: ["loss": -100])
        #expect(await code { try await head.head.tell(job, TellRequest(tells: [other])) } == "E_TRIAL_FENCED")
        let unknown = Tell(number: 99, attempt: trial.attempt, metrics: ["loss": -100])
        #expect(await code { try await head.head.tell(job, TellRequest(tells: [unknown])) } == "E_TRIAL_UNKNOWN")
        let form = Tell(number: 0, attempt: "1", metrics: ["loss": -100])
        #expect(await code { try await head.head.tell(job, TellRequest(tells: [form])) } == "E_ATTEMPT_FORM")
        #expect(await code { try await head.head.tell(job, TellRequest(tells: [])) } == "E_TELL_COUNT")
        #expect(await code { try await head.head.ask(job, AskRequest(count: 0)) } == "E_ASK_COUNT")
        #expect(await code { try await head.head.ask(JobID(9), AskRequest()) } == "E_JOB_UNKNOWN")
        // With one that counts, those that don't are listed.
        let view = try await head.head.tell(job, TellRequest(tells: [other, told(trial), unknown]))
        #expect(view.taken == 1 && view.refused.map(\.error.code) == ["E_TRIAL_FENCED", "E_TRIAL_UNKNOWN"])
        var again = told(trial)
        again.metrics = ["loss": -100]
        #expect(try await head.head.tell(job, TellRequest(tells: [again])).taken == 1)
        #expect(try head.head.trials(of: job)[0].objective == told(trial).metrics?["loss"])
        let drill = try await head.submit("drill")
        #expect(await code { try await head.head.ask(JobID(drill.id), AskRequest()) } == "E_NOT_EXTERNAL")
        #expect(await code { try await head.head.tell(JobID(drill.id), TellRequest(tells: [other])) } == "E_NOT_EXTERNAL")
        try await head.stop()
    }

    @Test func `a trial that fails outside is a failed trial, with the program's own words`() async throws {
        let cluster = try TestCluster()
        let head = try cluster.head()
        let job = try await submit(head, spec(trials: 2))
        let trials = try await head.head.ask(job, AskRequest(count: 9)).trials
        #expect(trials.count == 2)
        let failed = Tell(number: 0, attempt: trials[0].attempt, error: "out of memory")
        let silent = Tell(number: 1, attempt: trials[1].attempt, metrics: ["other": 1])
        _ = try await head.head.tell(job, TellRequest(tells: [failed, silent]))
        let records = try head.head.trials(of: job)
        #expect(records.map { $0.error?.code } == ["E_EXTERNAL", "E_METRIC_MISSING"])
        #expect(records[0].error?.message == "out of memory")
        #expect(try head.head.view(of: job)?.state == "failed")
        #expect(await code { try await head.head.tell(job, TellRequest(tells: [failed])) } == "E_TRIAL_FENCED")
        try await head.stop()
    }

    @Test func `a paused study gives nothing and still takes what is told`() async throws {
        let cluster = try TestCluster()
        let head = try cluster.head()
        let job = try await submit(head, spec())
        let trial = try #require(try await head.head.ask(job, AskRequest()).trials.first)
        _ = try await head.head.control(job, .pause)
        let asked = try await head.head.ask(job, AskRequest())
        #expect(asked.trials.isEmpty && asked.state == "running")
        #expect(try await head.head.tell(job, TellRequest(tells: [told(trial)])).taken == 1)
        _ = try await head.head.control(job, .resume)
        #expect(try await head.head.ask(job, AskRequest()).trials.count == 1)
        _ = try await head.head.control(job, .cancel)
        #expect(try await head.head.ask(job, AskRequest()).state == "cancelled")
        try await head.stop()
    }

    @Test func `a study that was run elsewhere is put on record as one that has ended`() async throws {
        let cluster = try TestCluster()
        let head = try cluster.head()
        var trials = (0..<12).map { number in
            ImportedTrial(parameters: ["x": .number(Double(number) / 6 - 1)], metrics: ["loss": abs(Double(number) - 4)])
        }
        (trials[7].metrics, trials[7].error) = (nil, "pruned")
        let request = ImportRequest(uid: "old", spec: spec(), trials: trials)
        let accepted = try await head.head.importStudy(request)
        #expect(accepted.isNew && accepted.view.state == "succeeded" && accepted.view.result?.failed == 1)
        #expect(try await !head.head.importStudy(request).isNew)
        let job = JobID(accepted.view.id)
        let shown = try head.head.trials(of: job)
        #expect(shown.map(\.parameters) == trials.map(\.parameters) && shown[7].error?.message == "pruned")
        #expect(try head.head.study(job)?.best?.number == 4)
        #expect(try await head.head.ask(job, AskRequest()).state == "succeeded")
        // The next job has the next number.
        #expect(try await head.submit("drill").id == accepted.view.id + 1)

        var wrong = request
        (wrong.uid, wrong.trials) = ("a", Array(trials.dropLast()))
        #expect(await code { try await head.head.importStudy(wrong) } == "E_IMPORT_COUNT")
        wrong.trials = trials
        wrong.trials[3].parameters = ["x": .number(7)]
        #expect(await code { try await head.head.importStudy(wrong) } == "E_IMPORT_POINT")
        wrong.spec = RunningHead.drill(tasks: 12)
        #expect(await code { try await head.head.importStudy(wrong) } == "E_IMPORT_KIND")
        try await head.stop()
    }

    @Test func `an asynchronous study goes on after a restart with what was given away`() async throws {
        let cluster = try TestCluster()
        var head = try cluster.head()
        let text = spec().replacing("parallelTrials: 4", with: "parallelTrials: 4, order: asynchronous")
        let job = try await submit(head, text)
        let first = try #require(try await head.head.ask(job, AskRequest()).trials.first)
        for _ in 0..<6 {
            let trial = try #require(try await head.head.ask(job, AskRequest()).trials.first)
            _ = try await head.head.tell(job, TellRequest(tells: [told(trial)]))
        }
        let before = try head.head.trials(of: job)
        try await head.stop()
        head = try cluster.head()
        #expect(try head.head.trials(of: job) == before && before.count == 10)
        #expect(try await head.head.tell(job, TellRequest(tells: [told(first)])).taken == 1)
        #expect(try head.head.trials(of: job).prefix(10).map(\.parameters) == before.map(\.parameters))
        try await head.stop()
    }

    @Test func `a head that starts again goes on with the study, and with whoever held a trial`() async throws {
        let calm = try TestCluster()
        var head = try calm.head()
        var job = try await submit(head, spec())
        try await work(head, job, count: 1)
        let expected = try head.head.view(of: job)?.result?.resultHash
        try await head.stop()

        let cluster = try TestCluster()
        head = try cluster.head()
        job = try await submit(head, spec())
        for _ in 0..<5 {
            let trial = try #require(try await head.head.ask(job, AskRequest()).trials.first)
            _ = try await head.head.tell(job, TellRequest(tells: [told(trial)]))
        }
        let held = try await head.head.ask(job, AskRequest(count: 99)).trials
        #expect(held.count == 4)
        try await head.stop()
        head = try cluster.head()
        // All that is open is with somebody.
        #expect(try await head.head.ask(job, AskRequest(count: 99)).trials.isEmpty)
        #expect(try await head.head.tell(job, TellRequest(tells: held.map(told))).taken == 4)
        #expect(try await head.head.tell(job, TellRequest(tells: held.map(told))).taken == 4)
        try await work(head, job, count: 2)
        #expect(try head.head.view(of: job)?.result?.resultHash == expected)
        #expect(try head.head.view(of: job)?.result?.tasks == 12)
        try await head.stop()
    }
}
