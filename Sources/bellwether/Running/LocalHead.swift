import Cluster
import Diagnostics
import Foundation
import Glibc

/// A `bellwether-head` process that this command started and ends.
final class LocalHead: Sendable {
    /// Where its HTTP API listens.
    let url: String
    private let process: ChildProcess
    private let log: String

    private init(url: String, process: ChildProcess, log: String) {
        self.url = url
        self.process = process
        self.log = log
    }

    /// Starts a head with `workers` workers, calls `body`, and ends it. Nothing is left running, however `body` ends.
    static func withHead<Result>(home: Home, workers: Int, _ body: (LocalHead) async throws -> Result) async throws -> Result {
        let head = try await onThread { try start(home: home, workers: workers) }
        do {
            let result = try await body(head)
            await head.stop()
            return result
        } catch {
            let ended = head.process.hasEnded()
            await head.stop()
            guard let ended else { throw error }
            throw CommandError(
                "E_HEAD_LOST", .unavailable, "the head that was started for this ended with \(ended.text)",
                place: .file(head.log),
                hint: "run the same command again; what was finished is kept")
        }
    }

    /// Waits until all of its workers have registered, so that the head knows what a job may ask for; not for ever, since one
    /// that cannot start is no reason to do nothing.
    func waitForWorkers(_ client: HeadClient, count: Int) async {
        for _ in 0..<200 {
            if let workers = try? await client.workers(), workers.count >= count { return }
            do { try await Task.sleep(for: .milliseconds(25)) } catch { return }
        }
    }

    /// The jobs that are running now, by number.
    func runningJobs(_ client: HeadClient) async -> Set<Int64> {
        let jobs = (try? await client.jobs(limit: 500))?.jobs ?? []
        return Set(jobs.filter { !$0.hasEnded }.map(\.id))
    }

    /// Waits until other commands that found this head meanwhile have their results, so that ending it takes nothing from
    /// them. Jobs in `unfinished` were open before; they go on with the next head.
    func waitForOthers(_ client: HeadClient, except unfinished: Set<Int64>) async {
        var isTold = false
        while true {
            let others = await runningJobs(client).subtracting(unfinished)
            guard !others.isEmpty else { return }
            if !isTold { Terminal.note("waiting for \(Text.count(others.count, "other job")) on this head") }
            isTold = true
            do { try await Task.sleep(for: .milliseconds(300)) } catch { return }
        }
    }

    /// Runs `work` for as long as the process lives; throws when that ends first.
    func whileAlive<Result: Sendable>(_ work: @escaping @Sendable () async throws -> Result) async throws -> Result {
        try await withThrowingTaskGroup(of: Result.self) { group in
            group.addTask { try await work() }
            group.addTask { [process] in
                while process.hasEnded() == nil { try await Task.sleep(for: .milliseconds(100)) }
                throw CancellationError()
            }
            defer { group.cancelAll() }
            guard let result = try await group.next() else { throw CancellationError() }
            return result
        }
    }

    /// Asks the head to end, and its workers with it; insists after 20 seconds.
    private func stop() async {
        let process = self.process
        _ = try? await LocalHead.onThread { process.terminate(patience: 20) }
    }

    // MARK: Starting

    /// The code of a start that failed because another head works on the same store.
    static let lockedCode = "E_HEAD_LOCKED"

    private static func start(home: Home, workers: Int) throws -> LocalHead {
        let program = try programPath("bellwether-head")
        try home.prepare([home.logs])
        let logged = (try? FileManager.default.attributesOfItem(atPath: home.headLog)[.size] as? Int) ?? 0
        let process = try ChildProcess(
            program: program,
            arguments: [
                "--home", home.path, "--http", "127.0.0.1:0", "--workers-endpoint", "tcp://127.0.0.1:*", "--local-workers",
                "\(workers)",
                "--exit-with-parent", "\(getpid())",
            ],
            standardError: home.headLog)
        guard let line = process.firstLine(withPrefix: "ready ", within: 30) else {
            let status = process.terminate(patience: 2)
            let words = lastWords(home.headLog, after: logged)
            throw CommandError(
                words.contains("E_DB_LOCKED") ? lockedCode : "E_HEAD_START", .unavailable,
                "the head did not start, it ended with \(status.text)" + words, place: .file(home.headLog))
        }
        guard let ready = try? JSONDecoder().decode(Ready.self, from: Data(line.dropFirst(6).utf8)) else {
            process.terminate(patience: 2)
            throw CommandError("E_HEAD_START", .unavailable, "the head does not say where it listens", place: .file(home.headLog))
        }
        process.ignoreOutput()
        return LocalHead(url: ready.http, process: process, log: home.headLog)
    }

    private struct Ready: Decodable { var http: String }

    /// The program of that name beside this one. Throws `E_HEAD_PROGRAM`.
    private static func programPath(_ name: String) throws -> String {
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
        let path = URL(fileURLWithPath: own).deletingLastPathComponent().appendingPathComponent(name).path
        guard FileManager.default.isExecutableFile(atPath: path) else {
            throw CommandError(
                "E_HEAD_PROGRAM", .unavailable, "\(name) is not beside this program", place: .file(path),
                hint: "build it with: swift build, or name a head that runs with --head URL")
        }
        return path
    }

    /// The end of what the head wrote to its log since `offset`, for the message.
    private static func lastWords(_ path: String, after offset: Int) -> String {
        guard let handle = FileHandle(forReadingAtPath: path), (try? handle.seek(toOffset: UInt64(offset))) != nil,
            let data = try? handle.read(upToCount: 1 << 16)
        else { return "" }
        let lines = String(decoding: data, as: UTF8.self).split(separator: "\n").suffix(5)
        return lines.isEmpty ? "" : ":\n  " + Text.clean(lines.joined(separator: "\n  "), keepingLines: true)
    }

    /// Runs a blocking call on a thread of its own.
    private static func onThread<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { continuation.resume(with: Swift.Result { try work() }) }
        }
    }
}
