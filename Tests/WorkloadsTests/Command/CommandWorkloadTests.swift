import Cluster
import Foundation
import SwiftProtobuf
import Synchronization
import TestSupport
import Testing
import Wire
import Workloads

/// Real programs, run as a worker runs them.
@Suite(.serialized) struct CommandWorkloadTests {
    /// What came in while a program ran.
    private final class Channel: TaskChannel {
        struct Heard {
            var output: [UInt8] = []
            var progress: [Double] = []
            var checkpoints: [String] = []
        }

        let heard = Mutex(Heard())
        /// Called with everything that was written so far.
        let onOutput: @Sendable (String) -> Void

        init(onOutput: @escaping @Sendable (String) -> Void = { _ in }) { self.onOutput = onOutput }

        func wrote(_ bytes: ArraySlice<UInt8>) {
            onOutput(
                heard.withLock { heard in
                    heard.output += bytes
                    return String(decoding: heard.output, as: UTF8.self)
                })
        }

        func progressed(_ fraction: Double?, checkpoint: String?) {
            heard.withLock { heard in
                if let fraction { heard.progress.append(fraction) }
                if let checkpoint { heard.checkpoints.append(checkpoint) }
            }
        }

        var output: String { heard.withLock { String(decoding: $0.output, as: UTF8.self) } }
    }

    private let home: TemporaryHome
    private let blobs: FakeBlobs
    private var scratch: String { home.path + "/scratch" }

    init() throws {
        home = try TemporaryHome()
        blobs = try FakeBlobs()
    }

    /// Runs a Python program as a command of a job with further keys.
    private func run(
        _ program: String, _ keys: String = "", parameters: String = "{}", checkpoint: String = "", channel: Channel = Channel(),
        flag: StopFlag = StopFlag()
    ) throws -> ProtoCommandResult {
        let text = String(decoding: try JSONEncoder().encode(program), as: UTF8.self)
        let job = WorkerJob(
            id: 5, spec: "job: command\nname: c\ncommand: [python3, -u, main.py]\nfiles: {main.py: {text: \(text)}}\n" + keys)
        let context = TaskContext(blobs: blobs, stopped: flag, scratchFolder: scratch, channel: channel)
        let task = ProtoCommandTask.with {
            ($0.index, $0.attempt, $0.parameters, $0.checkpoint) = (3, 2, parameters, checkpoint)
        }
        return try WorkerTask.run(.command(task), of: job, context).command
    }

    /// The run's own folders are gone.
    private func expectNoScratch() {
        let own = (try? FileManager.default.contentsOfDirectory(atPath: scratch)) ?? []
        for folder in own { #expect((try? FileManager.default.contentsOfDirectory(atPath: scratch + "/" + folder)) == []) }
    }

    @Test func `a program gets its parameters and hands back metrics and artifacts`() throws {
        let channel = Channel()
        let result = try run(
            """
            import json, os
            p = json.load(open(os.environ["BELLWETHER_PARAMETERS"]))
            assert os.environ["BELLWETHER_PARAMETER_RATE"] == "0.25" and os.environ["THREADS"] == "2"
            assert os.environ["BELLWETHER_TASK"] == "3" and os.environ["BELLWETHER_ATTEMPT"] == "2"
            with os.fdopen(int(os.environ["BELLWETHER_REPORT_FD"]), "w") as report:
                report.write(json.dumps({"metrics": {"twice": 2 * p["rate"]}, "progress": 1}) + "\\n")
            os.mkdir(os.environ["BELLWETHER_ARTIFACTS"] + "/plots")
            open("artifacts/plots/loss.csv", "w").write("1,2")
            open("artifacts/empty", "w")
            print("done", p["mode"])
            """, "environment: {THREADS: \"2\"}\noutputs: [plots/loss.csv]", parameters: #"{"mode":"fast","rate":0.25}"#,
            channel: channel)
        #expect(result.metrics == ["twice": 0.5])
        #expect(result.artifacts.map(\.name) == ["empty", "plots/loss.csv"])
        #expect(try blobs.artifact(result.artifacts[1].sha256) == Array("1,2".utf8))
        #expect(channel.output == "done fast\n")
        #expect(channel.heard.withLock { $0.progress } == [1])
        expectNoScratch()
    }

    @Test func `nothing of the worker's environment or descriptors leaks`() throws {
        let channel = Channel()
        _ = try run(
            "import os; print(sorted(os.listdir('/proc/self/fd'))[:4], len(os.listdir('/proc/self/fd')), len(os.environ) < 25)",
            channel: channel)
        // Its standard streams, the report, and the one that lists them.
        #expect(channel.output == "['0', '1', '2', '3'] 5 True\n")
    }

    @Test(arguments: [
        ("raise SystemExit(3)", "", "E_CMD_EXIT", "exit code 3"),
        ("import os; os.kill(os.getpid(), 11)", "", "E_CMD_SIGNAL", "11 (SIGSEGV)"),
        ("while True: pass", "limits: {cpu: 1}", "E_CMD_CPU", "1 s"),
        ("x = 1", "outputs: [model.bin]", "E_OUTPUT_MISSING", "model.bin"),
        ("import os; os.symlink('/etc/passwd', 'artifacts/x')", "", "E_ARTIFACT_FILE", "x"),
        ("import os; os.mkfifo('artifacts/x')", "", "E_ARTIFACT_FILE", "x"),
        ("import os; os.write(3, b'{\\\"metrics\\\": {\\\"loss\\\": NaN}}\\n')", "", "E_METRIC_VALUE", "line 1"),
        ("b = bytearray(512 << 20)", "limits: {memory: 128MiB}", "E_CMD_EXIT", "MemoryError"),
    ])
    func `what goes wrong is told`(program: String, keys: String, code: String, words: String) throws {
        let error = #expect(throws: ProgramError.self) { _ = try run(program.replacing("\\\"", with: "\""), keys) }
        #expect(error?.code == code)
        #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
        expectNoScratch()
    }

    @Test func `a program that is not there is told`() throws {
        let job = WorkerJob(id: 1, spec: "job: command\nname: c\ncommand: [no-such-program-here]")
        let context = TaskContext(blobs: blobs, stopped: StopFlag(), scratchFolder: scratch)
        #expect(WorkerTask.code { _ = try WorkerTask.run(.command(.init()), of: job, context) } == "E_CMD_START")
    }

    @Test func `memory within the limit is given`() throws {
        _ = try run("b = bytearray(64 << 20)", "limits: {memory: 256MiB}")
    }

    @Test func `checkpoints go to the head at once and come back to the next attempt`() throws {
        let channel = Channel()
        let program = """
            import json, os
            first = json.load(open(os.environ["BELLWETHER_CHECKPOINT"]))["step"] if "BELLWETHER_CHECKPOINT" in os.environ else 0
            print("first", first)
            report = os.fdopen(3, "w", buffering=1)
            for step in range(first + 1, first + 4):
                with open(os.environ["BELLWETHER_CHECKPOINTS"] + "/state", "w") as file: json.dump({"step": step}, file)
                report.write(json.dumps({"checkpoint": "state", "progress": step / 10}) + "\\n")
            raise SystemExit(1 if first == 0 else 0)
            """
        #expect(throws: ProgramError.self) { _ = try run(program, channel: channel) }
        let last = try #require(channel.heard.withLock { $0.checkpoints.last })
        #expect(try blobs.artifact(last) == Array(#"{"step": 3}"#.utf8))
        _ = try run(program, checkpoint: last, channel: channel)
        #expect(channel.output == "first 0\nfirst 3\n")
    }

    @Test func `a stopped program ends with all that it started, whatever they ignore and wherever they went`() throws {
        let pids = Mutex<[pid_t]>([])
        let flag = StopFlag()
        let channel = Channel { text in
            // Each process writes its number; when all four have, the attempt is stopped.
            let found = text.split(separator: "\n").compactMap { pid_t($0) }
            pids.withLock { $0 = found }
            if found.count == 4 { flag.set() }
        }
        #expect(throws: WorkerError.self) {
            _ = try run(
                """
                import os, signal, time
                signal.signal(signal.SIGTERM, signal.SIG_IGN)
                def stay():
                    os.write(1, b"%d\\n" % os.getpid()); time.sleep(600)
                if os.fork() == 0:
                    stay()
                if os.fork() == 0:
                    os.setsid()
                    if os.fork() == 0: stay()
                    stay()
                stay()
                """, "limits: {grace: 100ms}", channel: channel, flag: flag)
        }
        for pid in pids.withLock({ $0 }) { #expect(Self.isOver(pid), "process \(pid) is still there") }
        #expect(pids.withLock { $0.count } == 4)
        expectNoScratch()
    }

    @Test func `what a program leaves running ends with it`() throws {
        let channel = Channel()
        _ = try run(
            "import subprocess; print(subprocess.Popen(['sleep', '600'], start_new_session=True).pid)", channel: channel)
        let pid = try #require(pid_t(channel.output.trimmingCharacters(in: .whitespacesAndNewlines)))
        #expect(kill(pid, 0) == -1 && errno == ESRCH)
    }

    @Test func `a file is executable when it should be, and the working folder is not searched`() throws {
        let script = "#!/usr/bin/python3\nopen('artifacts/x', 'w').write('ran')\n"
        let text = String(decoding: try JSONEncoder().encode(script), as: UTF8.self)
        func code(_ command: String) -> String? {
            let job = WorkerJob(
                id: 1,
                spec:
                    "job: command\nname: c\ncommand: [\(command)]\nfiles: {tool: {text: \(text), executable: true}}\noutputs: [x]"
            )
            let context = TaskContext(blobs: blobs, stopped: StopFlag(), scratchFolder: scratch)
            return WorkerTask.code { _ = try WorkerTask.run(.command(.init()), of: job, context) }
        }
        #expect(code("./tool") == nil)
        #expect(code("tool") == "E_CMD_START")
    }

    /// Whether a process is gone, or will be as soon as the kernel gets to it: a signal takes effect when its target is next on a
    /// core, and what was killed is kept as a name alone until whoever inherits it asks for its end.
    private static func isOver(_ pid: pid_t) -> Bool {
        for _ in 0..<20_000 {
            guard let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
                let state = stat.drop(while: { $0 != ")" }).dropFirst(2).first, state != "Z", state != "X"
            else { return true }
            sched_yield()
        }
        return false
    }
}
