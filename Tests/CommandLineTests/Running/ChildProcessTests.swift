import Diagnostics
import Foundation
import Testing

@testable import bellwether

@Suite(.timeLimit(.minutes(1))) struct ChildProcessTests {
    private func shell(_ script: String, log: String = "/dev/null") throws -> ChildProcess {
        try ChildProcess(program: "/bin/sh", arguments: ["-c", script], standardError: log)
    }

    @Test func `the line is found among others and the process is ended`() throws {
        let process = try shell("echo starting; echo 'ready {\"a\":1}'; echo more; exec sleep 600")
        #expect(process.firstLine(withPrefix: "ready ", within: 10) == "ready {\"a\":1}")
        #expect(process.hasEnded() == nil)
        #expect(process.terminate(patience: 10) == .killed(SIGTERM))
        #expect(process.hasEnded() == .killed(SIGTERM))
    }

    @Test func `a process that ends without the line is noticed at once`() throws {
        let process = try shell("echo sorry; exit 3")
        #expect(process.firstLine(withPrefix: "ready ", within: 30) == nil)
        #expect(process.terminate(patience: 10) == .exited(3))
        #expect(process.terminate(patience: 10).text == "exit code 3")
    }

    @Test func `silence ends with the deadline`() throws {
        let process = try shell("exec sleep 600")
        #expect(process.firstLine(withPrefix: "ready ", within: 0.05) == nil)
        process.terminate(patience: 10)
    }

    @Test func `a process that does not listen is killed with what it started`() throws {
        let log = NSTemporaryDirectory() + "child-\(UUID().uuidString).log"
        defer { try? FileManager.default.removeItem(atPath: log) }
        let process = try shell("trap '' TERM; sleep 600 & echo $! >&2; echo ready now; while true; do sleep 600; done", log: log)
        #expect(process.firstLine(withPrefix: "ready ", within: 10) == "ready now")
        #expect(process.terminate(patience: 0.05) == .killed(SIGKILL))
        let child = try #require(
            Int32(
                String(decoding: try Data(contentsOf: URL(fileURLWithPath: log)), as: UTF8.self).trimmingCharacters(
                    in: .whitespacesAndNewlines)))
        // Gone, or a dead entry that nobody has collected.
        let state = (try? String(contentsOfFile: "/proc/\(child)/stat", encoding: .utf8))?.split(separator: " ").dropFirst(2)
            .first
        #expect(state == nil || state == "Z")
    }

    @Test func `signals that this program ignores reach the child`() throws {
        signal(SIGUSR1, SIG_IGN)
        defer { signal(SIGUSR1, SIG_DFL) }
        let process = try shell("kill -USR1 $$; exit 0")
        #expect(process.firstLine(withPrefix: "x", within: 10) == nil)
        #expect(process.terminate(patience: 10) == .killed(SIGUSR1))
    }

    @Test func `a program that is not there is named`() {
        let error = #expect(throws: CommandError.self) {
            try ChildProcess(program: "/nonexistent/program", arguments: [], standardError: "/dev/null")
        }
        #expect(error?.code == "E_SPAWN")
        #expect(error?.category == .unavailable)
    }
}
