import Cluster
import Foundation
import Scheduling
import TestSupport
import Testing

@Suite(.serialized) struct RecoveryTests {
    /// The reference: one worker, SQLite, nothing goes wrong.
    private func calmResult(_ spec: String) async throws -> String {
        let cluster = try TestCluster()
        defer { cluster.stop() }
        try cluster.addWorker()
        try cluster.bellwether("data", "synth", "--name", "market", "--symbols", "1", "--bars", "1500", "--seed", "3")
        let file = try cluster.home.write("job.yaml", spec)
        _ = try cluster.bellwether("submit", file, "--uid", "calm", "--follow", "--json")
        let page = try await cluster.withClient { try await $0.jobs(limit: 1) }
        return try #require(page.jobs.first?.result?.resultHash)
    }

    /// The reference of the whole path: `bellwether run` on this machine with one worker.
    private func localResult(_ spec: String) throws -> String {
        let home = try TemporaryHome()
        let imported = try Program.run("bellwether", TestSpecs.importSPX(home), environment: home.environment)
        try #require(imported.status == 0, "\(imported.errors)")
        let run = try Program.run(
            "bellwether", ["run", home.write("job.yaml", spec), "--workers", "1", "--json"], environment: home.environment)
        try #require(run.status == 0, "\(run.errors)")
        return try #require(APICoding.decode(JobView.self, from: Data(run.output.utf8)).result?.resultHash)
    }

    @Test(
        "The study spx-ridge on Postgres survives kill -9 of a worker and of the head, runs nothing finished twice, and comes to the same result"
    )
    func survivesKills() async throws {
        let spec = try TestSpecs.shipped("spx-ridge", ["trials: 200": "trials: 16"])
        let calm = try localResult(spec)

        let database = try PostgresServer.shared().makeDatabase()
        let settings = SharedData.root.appendingPathComponent("cluster/head.yaml").path
        let cluster = try TestCluster(registry: database, configuration: settings)
        defer { cluster.stop() }
        let victim = try cluster.addWorker()
        try cluster.addWorker()
        try cluster.addWorker()
        try cluster.bellwether(TestSpecs.importSPX(cluster.home))
        let file = try cluster.home.write("job.yaml", spec)
        let follower = try Program(
            "bellwether", ["submit", file, "--uid", "stormy", "--follow", "--json", "--home", cluster.home.path],
            environment: ["BELLWETHER_HEAD": cluster.url])

        try await cluster.withClient { client in
            let job = try await firstJob(client)
            try await progress(of: job, reaches: 150, client)
            victim.kill()
            try await progress(of: job, reaches: 500, client)
            let before = try await allTasks(of: job, client)
            try cluster.crashAndRestartHead()

            let end = follower.wait()
            #expect(end.status == 0, "\(end.errors)")
            let view = try await client.job(job)
            #expect(view.state == "succeeded")
            #expect(view.result?.resultHash == calm)
            #expect(view.result?.failed == 0)

            // What was finished when the head died has kept its attempt: it was not run again.
            let after = try await allTasks(of: job, client)
            #expect(before.count >= 500)
            let attempts = Dictionary(uniqueKeysWithValues: after.map { ($0.index, $0.attempt) })
            for task in before { #expect(attempts[task.index] == task.attempt) }
            // A surviving worker's executions are the results it is on record with, one for one.
            // They are told by heartbeats, a little later than the results.
            for bootID in try await client.workers().map(\.bootID) {
                let recorded = UInt64(after.count { $0.worker == bootID })
                let finished = try await eventually("worker \(bootID) has told its \(recorded) executions") { () -> UInt64? in
                    let told = try await client.workers().first { $0.bootID == bootID }?.finished ?? 0
                    return told >= recorded ? told : nil
                }
                #expect(finished == recorded, "worker \(bootID) ran \(finished) and is on record with \(recorded)")
            }
        }
    }

    @Test(
        "A study with a pruner comes to the same result on more workers, and when the head is killed twice",
        arguments: ["{kind: halving, first: 8, reduction: 4}", "{kind: window}"])
    func prunesTheSame(_ pruner: String) async throws {
        let spec = try TestSpecs.shipped(
            "spx-ridge-pruned", ["trials: 400": "trials: 160", "{kind: halving, first: 8, reduction: 4}": pruner])
        let calm = try localResult(spec)
        let cluster = try TestCluster()
        defer { cluster.stop() }
        try cluster.addWorker()
        try cluster.addWorker()
        try cluster.bellwether(TestSpecs.importSPX(cluster.home))
        let file = try cluster.home.write("job.yaml", spec)
        let follower = try Program(
            "bellwether", ["submit", file, "--follow", "--json", "--home", cluster.home.path],
            environment: ["BELLWETHER_HEAD": cluster.url])
        try await cluster.withClient { client in
            let job = try await firstJob(client)
            for tasks in [200, 900] {
                try await progress(of: job, reaches: tasks, client)
                try cluster.crashAndRestartHead()
            }
            let end = follower.wait()
            #expect(end.status == 0, "\(end.errors)")
            let result = try #require(try await client.job(job).result)
            #expect(result.resultHash == calm && result.failed == 0)
            let pruning = try #require(result.pruning)
            let trials = try await client.trials(of: job)
            #expect(trials.count == 160 && trials.count { $0.state == "pruned" } == pruning.trials)
            #expect(trials.reduce(0) { $0 + ($1.steps ?? 0) } == pruning.stepsRun)
            #expect(pruning.stepsRun < pruning.steps && trials.allSatisfy { ($0.state == "pruned") == ($0.reason != nil) })
        }
    }

    @Test("A worker that is stopped for longer than its lease is fenced when it goes on, and changes nothing that was decided")
    func survivesPause() async throws {
        // Long enough to be still open when the worker is back.
        let spec = TestSpecs.study(dataset: "market", trials: 300)
        let calm = try await calmResult(spec)
        let cluster = try TestCluster()
        defer { cluster.stop() }
        let sleeper = try cluster.addWorker()
        try cluster.addWorker()
        try cluster.bellwether("data", "synth", "--name", "market", "--symbols", "1", "--bars", "1500", "--seed", "3")
        let file = try cluster.home.write("job.yaml", spec)
        let follower = try Program(
            "bellwether", ["submit", file, "--follow", "--json", "--home", cluster.home.path],
            environment: ["BELLWETHER_HEAD": cluster.url])
        try await cluster.withClient { client in
            let job = try await firstJob(client)
            try await progress(of: job, reaches: 20, client)
            let sleeping = try await stop(sleeper, client)
            // Tasks that it may hold belong to trials that are open now, of which there are four at most.
            let progress = try #require(try await client.job(job).progress)
            let trials = try #require(progress.trials), stride = progress.tasks / trials
            let bound = Int32(min(trials, (progress.trialsFinished ?? 0) + 4 + 1) * stride)
            _ = try await eventually("the head has given the stopped worker up") { () -> Bool? in
                try await client.workers().contains { $0.bootID == sleeping } ? nil : true
            }
            _ = try await eventually("the other worker has run what it held") { () -> Bool? in
                try await allTasks(of: job, client).prefix { $0.index < bound }.count == Int(bound) ? true : nil
            }
            let before = try await allTasks(of: job, client)
            #expect(try await client.job(job).state == "running")
            sleeper.signal(SIGCONT)
            _ = try await eventually("the worker is back") { () -> Bool? in
                try await client.workers().contains { $0.bootID == sleeping } ? true : nil
            }
            _ = try await eventually("its late reports are refused") { () -> Bool? in
                try await client.info().fencedReports > 0 ? true : nil
            }
            let end = follower.wait()
            #expect(end.status == 0, "\(end.errors)")
            let view = try await client.job(job)
            #expect(view.result?.resultHash == calm && view.result?.failed == 0)
            let after = Dictionary(uniqueKeysWithValues: try await allTasks(of: job, client).map { ($0.index, $0) })
            for task in before { #expect(after[task.index] == task, "task \(task.index) was decided twice") }
        }
    }

    /// Stops the process in the middle of its work, and returns its boot id.
    private func stop(_ worker: Program, _ client: HeadClient) async throws -> String {
        try await eventually("the worker is stopped while it holds tasks") { () -> String? in
            worker.signal(SIGSTOP)
            let view = try await client.workers().first { $0.processID == Int64(worker.processID) }
            if let view, view.assigned > 0 { return view.bootID }
            worker.signal(SIGCONT)
            return nil
        }
    }

    private func firstJob(_ client: HeadClient) async throws -> Int64 {
        try await eventually("the job is accepted") { try await client.jobs(limit: 1).jobs.first?.id }
    }

    private func allTasks(of job: Int64, _ client: HeadClient) async throws -> [TaskView] {
        var tasks: [TaskView] = []
        while true {
            let page = try await client.tasks(of: job, after: tasks.last?.index, limit: 200)
            if page.tasks.isEmpty { return tasks }
            tasks += page.tasks
        }
    }

    private func progress(of job: Int64, reaches count: Int, _ client: HeadClient) async throws {
        _ = try await eventually("\(count) tasks have finished") { () -> Bool? in
            let view = try await client.job(job)
            guard view.state == "running" else { throw Program.Failure(description: "the job ended too early: \(view)") }
            return (view.progress?.finished ?? 0) >= count ? true : nil
        }
    }
}

/// Asks until there is an answer, for at most a minute and a half.
func eventually<Value>(_ what: String, _ ask: () async throws -> Value?) async throws -> Value {
    let deadline = MonotonicClock.now.advanced(byMilliseconds: 90_000)
    while MonotonicClock.now < deadline {
        if let value = try await ask() { return value }
        try await Task.sleep(for: .milliseconds(20))
    }
    throw Program.Failure(description: "waited in vain until \(what)")
}
