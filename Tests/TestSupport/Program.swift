import Foundation
import Glibc

/// One of the project's programs, as built beside the tests, running as a process of its own.
///
/// It is killed when it is dropped, so a failed test leaves nothing behind.
// Unchecked because the output is only touched under the condition's lock and the rest never changes.
package final class Program: @unchecked Sendable {
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
        package init(description: String) { self.description = description }
    }

    /// How a program ended, and what it wrote.
    package struct Result: Sendable {
        package let status: Int32
        package let output: String
        package let errors: String
    }

    package let name: String
    package let processID: Int32
    private let condition = NSCondition()
    private var output = Data()
    private var errors = Data()
    private var open = 2
    private var waitStatus: Int32?

    /// Where the programs are: beside the running test program.
    package static let folder = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().path

    /// What children of the test process find in their environment: its own without settings, and a word that keeps a workload
    /// under test, which ends whatever its commands left behind, from taking them for its own.
    package static let environment = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("BELLWETHER_") }
        .merging(["BELLWETHER_RUN": "none"]) { $1 }

    /// Starts `name`, one of the project's or a path, with `arguments`; `environment` is added to this process's own.
    package init(_ name: String, _ arguments: [String], environment: [String: String] = [:]) throws {
        self.name = name
        var all = Self.environment
        all.merge(environment) { $1 }
        var outputPipe: [Int32] = [-1, -1]
        var errorPipe: [Int32] = [-1, -1]
        guard pipe(&outputPipe) == 0, pipe(&errorPipe) == 0 else { throw Failure(description: "no pipes") }
        for end in outputPipe + errorPipe { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        let path = name.hasPrefix("/") ? name : Self.folder + "/" + name
        var argv: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) } + [nil]
        var envp: [UnsafeMutablePointer<CChar>?] = all.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for pointer in argv + envp { free(pointer) } }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, outputPipe[1], 1)
        posix_spawn_file_actions_adddup2(&actions, errorPipe[1], 2)
        defer { posix_spawn_file_actions_destroy(&actions) }
        var child: pid_t = 0
        let result = posix_spawn(&child, path, &actions, nil, &argv, &envp)
        close(outputPipe[1])
        close(errorPipe[1])
        guard result == 0 else { throw Failure(description: "\(path) cannot be started: \(String(cString: strerror(result)))") }
        processID = child
        read(outputPipe[0], isOutput: true)
        read(errorPipe[0], isOutput: false)
    }

    deinit {
        if waitStatus == nil {
            Glibc.kill(processID, SIGKILL)
            var status: Int32 = 0
            waitpid(processID, &status, 0)
        }
    }

    private func read(_ descriptor: Int32, isOutput: Bool) {
        let thread = Thread { [condition, weak self] in
            var buffer = [UInt8](repeating: 0, count: 65_536)
            while true {
                let count = Glibc.read(descriptor, &buffer, buffer.count)
                if count < 0 && errno == EINTR { continue }
                condition.lock()
                if count > 0 {
                    if isOutput {
                        self?.output.append(contentsOf: buffer[..<count])
                    } else {
                        self?.errors.append(contentsOf: buffer[..<count])
                    }
                } else {
                    self?.open -= 1
                }
                condition.broadcast()
                condition.unlock()
                if count <= 0 { break }
            }
            close(descriptor)
        }
        thread.start()
    }

    /// What it wrote to standard error so far.
    package var errorText: String {
        condition.lock()
        defer { condition.unlock() }
        return String(decoding: errors, as: UTF8.self)
    }

    /// Waits until standard output holds a line that begins with `prefix`, and returns the rest of that line.
    package func line(beginningWith prefix: String, seconds: Double = 60) throws -> String {
        let deadline = Date(timeIntervalSinceNow: seconds)
        condition.lock()
        defer { condition.unlock() }
        while true {
            for line in String(decoding: output, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
                .dropLast()
            where line.hasPrefix(prefix) {
                return String(line.dropFirst(prefix.count))
            }
            guard open > 0, condition.wait(until: deadline) else {
                throw Failure(
                    description: "\(name) did not print '\(prefix)': \(String(decoding: errors.suffix(4_000), as: UTF8.self))")
            }
        }
    }

    package func signal(_ number: Int32) { Glibc.kill(processID, number) }

    /// Kills it as kill -9 does and waits until it is gone.
    package func kill() {
        signal(SIGKILL)
        _ = wait()
    }

    /// Asks it to stop and waits until it has ended.
    @discardableResult
    package func stop() -> Result {
        signal(SIGTERM)
        return wait()
    }

    /// Waits for the end.
    @discardableResult
    package func wait() -> Result {
        condition.lock()
        let known = waitStatus
        condition.unlock()
        var status: Int32 = known ?? 0
        if known == nil {
            while waitpid(processID, &status, 0) < 0 && errno == EINTR {}
        }
        condition.lock()
        waitStatus = status
        defer { condition.unlock() }
        let deadline = Date(timeIntervalSinceNow: 5)
        while open > 0 && condition.wait(until: deadline) {}
        let code = status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
        return Result(
            status: code, output: String(decoding: output, as: UTF8.self), errors: String(decoding: errors, as: UTF8.self))
    }

    /// Runs `name` to its end.
    package static func run(_ name: String, _ arguments: [String], environment: [String: String] = [:]) throws -> Result {
        try Program(name, arguments, environment: environment).wait()
    }
}
