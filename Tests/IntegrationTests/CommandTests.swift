import Cluster
import Foundation
import TestSupport
import Testing

/// Users' own programs as tasks, with real processes all the way.
@Suite(.serialized) struct CommandTests {
    /// A job that runs a Python program.
    private func spec(_ program: String, _ keys: String = "") throws -> String {
        let text = String(decoding: try JSONEncoder().encode(program), as: UTF8.self)
        return """
            job: command
            name: c
            command: [python3, -u, main.py]
            files: {main.py: {text: \(text)}}
            resources: {cpu: 1, memory: 16MiB}
            retry: {maximum: 0}
            \(keys)
            """
    }

    private func submit(_ client: HeadClient, _ program: String, _ keys: String = "") async throws -> Int64 {
        try await client.submit(SubmitRequest(uid: UUID().uuidString, spec: spec(program, keys))).job.id
    }

    private func end(of job: Int64, _ client: HeadClient) async throws -> JobView {
        try await eventually("job \(job) has ended") {
            let view = try await client.job(job)
            return view.hasEnded ? view : nil
        }
    }

    private func text(of job: Int64, _ client: HeadClient) async throws -> String {
        try await client.logs(of: job).parts.map(\.text).joined()
    }

    /// The numbers of the processes that a program of `count` has written, one a line.
    private func processes(_ count: Int, of job: Int64, _ client: HeadClient) async throws -> [pid_t] {
        try await eventually("\(count) processes run") {
            let found = try await text(of: job, client).split(separator: "\n").compactMap { pid_t($0) }
            return found.count == count ? found : nil
        }
    }

    private func expectGone(_ processes: [pid_t]) async throws {
        for process in processes {
            _ = try await eventually("process \(process) is gone") { () -> Bool? in
                // One that was killed may wait for its parent to notice.
                let state = (try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8))?.split(separator: ")").last
                return state == nil || state?.dropFirst().first == "Z" ? true : nil
            }
        }
    }

    /// A program, a child that ignores SIGTERM, a child in a session of its own and its child: each writes its number.
    private static let family = """
        import os, signal, time
        def stay():
            os.write(1, b"%d\\n" % os.getpid()); time.sleep(600)
        if os.fork() == 0:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            stay()
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0: stay()
            stay()
        stay()
        """

    @Test("A command's metrics and artifacts are with its task, and the artifacts can be the files of another job")
    func succeeds() async throws {
        let cluster = try TestCluster()
        defer { cluster.stop() }
        try cluster.addWorker()
        try await cluster.withClient { client in
            let program = """
                import json, os
                os.write(3, json.dumps({"metrics": {"task": int(os.environ["BELLWETHER_TASK"])}}).encode() + b"\\n")
                open("artifacts/made.txt", "w").write("made by task " + os.environ["BELLWETHER_TASK"])
                """
            let job = try await submit(client, program, "tasks: 3\noutputs: [made.txt]")
            let view = try await end(of: job, client)
            #expect(view.state == "succeeded", "\(String(describing: view.error))")
            let tasks = try await client.tasks(of: job).tasks
            #expect(tasks.map(\.metrics) == [["task": 0], ["task": 1], ["task": 2]])
            let made = try #require(tasks[2].artifacts?.first)
            #expect(made.name == "made.txt" && made.bytes == 14)

            let reader = "job: command\nname: r\ncommand: [cat, in.txt]\nfiles: {in.txt: {sha256: \(made.sha256)}}"
            let second = try await client.submit(SubmitRequest(uid: "reader", spec: reader)).job.id
            #expect(try await end(of: second, client).state == "succeeded")
            #expect(try await text(of: second, client) == "made by task 2")
        }
    }

    @Test("How a program failed is in the error, with its last words")
    func fails() async throws {
        let cluster = try TestCluster()
        defer { cluster.stop() }
        try cluster.addWorker()
        try await cluster.withClient { client in
            let exit = try await end(of: submit(client, "print('no data'); raise SystemExit(3)"), client)
            #expect(exit.state == "failed" && exit.error?.code == "E_CMD_EXIT")
            #expect(exit.error?.message == "the program ended with exit code 3: no data")
            let signal = try await end(of: submit(client, "import os; os.abort()"), client)
            #expect(signal.error?.code == "E_CMD_SIGNAL" && signal.error?.message.contains("6 (SIGABRT)") == true)
            let memory = try await end(of: submit(client, "b = bytearray(1 << 30)", "limits: {memory: 128MiB}"), client)
            #expect(memory.state == "failed" && memory.error?.message.contains("MemoryError") == true)
            let timeout = try await end(of: submit(client, "import time; time.sleep(600)", "timeout: 1s"), client)
            #expect(timeout.state == "failed" && timeout.error?.code == "E_TIMEOUT")
            let files = await #expect(throws: ClientError.self) {
                let spec = "job: command\nname: c\ncommand: [a]\nfiles: [a.py]"
                _ = try await client.submit(SubmitRequest(uid: "f", spec: spec))
            }
            #expect(files?.code == "E_FILE_CONTENT")
        }
    }

    @Test("Cancelling ends a program with all that it started, whatever they ignore and wherever they went")
    func cancels() async throws {
        let cluster = try TestCluster()
        defer { cluster.stop() }
        try cluster.addWorker()
        try await cluster.withClient { client in
            let job = try await submit(client, Self.family, "limits: {grace: 200ms}")
            let running = try await processes(4, of: job, client)
            #expect(try await client.cancel(job).state == "cancelled")
            try await expectGone(running)
            // The worker is free for others.
            #expect(try await end(of: submit(client, "pass"), client).state == "succeeded")
        }
    }

    @Test("A worker that is killed leaves no process behind")
    func leavesNoOrphan() async throws {
        let cluster = try TestCluster()
        defer { cluster.stop() }
        let worker = try cluster.addWorker()
        try await cluster.withClient { client in
            let job = try await submit(client, Self.family)
            let running = try await processes(4, of: job, client)
            worker.kill()
            try await expectGone(running)
            _ = try await client.cancel(job)
        }
    }

    @Test("What a program writes is followed while it runs, with nothing in it that moves a cursor")
    func followsLogs() async throws {
        let cluster = try TestCluster()
        defer { cluster.stop() }
        try cluster.addWorker()
        try await cluster.withClient { client in
            let signal = cluster.home.path + "/go-on"
            let program = """
                import os, sys, time
                print("first \\x1b[31m"); sys.stdout.buffer.write(b"\\xff\\n"); sys.stdout.flush()
                while not os.path.exists("\(signal)"): time.sleep(0.01)
                print("second")
                """
            let job = try await submit(client, program)
            let follower = try Program(
                "bellwether", ["job", "logs", "\(job)", "--task", "0", "--follow", "--home", cluster.home.path],
                environment: ["BELLWETHER_HEAD": cluster.url])
            #expect(try follower.line(beginningWith: "first") == " \\u{1b}[31m")
            _ = try follower.line(beginningWith: "\\x{ff}")
            #expect(try await client.job(job).state == "running")
            _ = try cluster.home.write("go-on", "")
            _ = try follower.line(beginningWith: "second")
            #expect(follower.wait().status == 0)
            #expect(try cluster.bellwether("job", "logs", "\(job)").hasSuffix("second\n"))
        }
    }

    @Test("A flood of output grows neither the worker nor the head, and its first and last parts are kept")
    func boundsFloods() async throws {
        let cluster = try TestCluster()
        defer { cluster.stop() }
        let worker = try cluster.addWorker()
        try await cluster.withClient { client in
            _ = try await end(of: submit(client, "print('warm')"), client)
            let before = [cluster.head, worker].map { Self.residentMebibytes($0) }
            let program = """
                import os
                line = b"x" * 79 + b"\\n"
                os.write(1, b"begin\\n")
                for _ in range(4096): os.write(1, line * 800)
                os.write(1, b"end\\n")
                """
            let job = try await submit(client, program)
            #expect(try await end(of: job, client).state == "succeeded")
            let parts = try await client.logs(of: job).parts
            #expect(parts.first?.text.hasPrefix("begin\nxxx") == true && parts.last?.text.hasSuffix("xxx\nend\n") == true)
            let written = parts.last.map { $0.offset + $0.bytes } ?? 0
            #expect(written == Int64(4096 * 800 * 80 + 10))
            #expect(parts.reduce(0) { $0 + $1.bytes } <= 1 << 20)
            // 262 MB went through.
            for (program, old) in zip([cluster.head, worker], before) { #expect(Self.residentMebibytes(program) < old + 64) }
        }
    }

    private static func residentMebibytes(_ program: Program) -> Int {
        let status = (try? String(contentsOfFile: "/proc/\(program.processID)/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        return line.flatMap { Int($0.split(separator: " ")[1]) }.map { $0 >> 10 } ?? .max
    }

    @Test("An attempt that died with its worker goes on from its last checkpoint on another")
    func resumes() async throws {
        let cluster = try TestCluster()
        defer { cluster.stop() }
        let victim = try cluster.addWorker()
        try await cluster.withClient { client in
            let program = """
                import os, time
                if "BELLWETHER_CHECKPOINT" in os.environ:
                    print("going on from", open(os.environ["BELLWETHER_CHECKPOINT"]).read())
                else:
                    open(os.environ["BELLWETHER_CHECKPOINTS"] + "/state", "w").write("step 5")
                    os.write(3, b'{"checkpoint": "state", "progress": 0.5}\\n')
                    time.sleep(600)
                """
            let job = try await submit(client, program)
            // The checkpoint was noted in the turn after the progress, or with it.
            let file = cluster.home.path + "/attempts/\(job)/0.checkpoint"
            _ = try await eventually("the head has the checkpoint") { FileManager.default.fileExists(atPath: file) ? true : nil }
            victim.kill()
            try cluster.addWorker()
            #expect(try await end(of: job, client).state == "succeeded")
            #expect(try await text(of: job, client) == "going on from step 5\n")
        }
    }

    @Test("The examples run as they are, and a study of a program comes to the same result twice")
    func runsExamples() async throws {
        let cluster = try TestCluster(localWorkers: 2)
        defer { cluster.stop() }
        let jobs = SharedData.root.appendingPathComponent("jobs").path
        #expect(try cluster.bellwether("submit", jobs + "/command-python.yaml", "--follow").contains("succeeded"))
        for uid in ["one", "two"] { _ = try cluster.bellwether("submit", jobs + "/command-study.yaml", "--uid", uid, "--follow") }
        try await cluster.withClient { client in
            let tasks = try await client.tasks(of: 1).tasks
            #expect(tasks.count == 3 && tasks.allSatisfy { $0.artifacts?.map(\.name) == ["model.json"] })
            #expect(tasks.allSatisfy { ($0.metrics?["accuracy"] ?? 0) > 0.7 })
            let results = [try await client.job(2).result, try await client.job(3).result]
            #expect(results[0] == results[1])
            #expect((results[0]?.leaderboard?.first?.objective ?? 9) < 0.45)
        }
    }
}
