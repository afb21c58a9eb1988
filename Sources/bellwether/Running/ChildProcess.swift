import Diagnostics
import Foundation
import Glibc
import Synchronization

/// A process without a shell, in a group of its own, so that the terminal's Ctrl-C does not reach it. Calls block.
final class ChildProcess: Sendable {
    /// How a process ended.
    enum Status: Sendable, Hashable {
        case exited(Int32)
        case killed(Int32)

        var text: String {
            switch self {
            case .exited(let code): "exit code \(code)"
            case .killed(let signal): "signal \(signal)"
            }
        }
    }

    private let pid: pid_t
    private let output: Int32
    private let status = Mutex<Status?>(nil)

    /// Starts `program`; its standard input is empty, its standard error is appended to a file. Throws `E_SPAWN`.
    init(program: String, arguments: [String], standardError: String) throws {
        var pipe: [Int32] = [-1, -1]
        guard Glibc.pipe(&pipe) == 0 else { throw ChildProcess.failure(program, errno) }
        for descriptor in pipe { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        let log = open(standardError, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        let null = open("/dev/null", O_RDONLY | O_CLOEXEC)
        defer { for descriptor in [pipe[1], log, null] where descriptor >= 0 { close(descriptor) } }

        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        posix_spawn_file_actions_adddup2(&actions, null, 0)
        posix_spawn_file_actions_adddup2(&actions, pipe[1], 1)
        posix_spawn_file_actions_adddup2(&actions, log, 2)
        // This program ignores or blocks signals that the child must hear.
        var defaults = sigset_t()
        var mask = sigset_t()
        sigfillset(&defaults)
        sigemptyset(&mask)
        posix_spawnattr_setsigdefault(&attributes, &defaults)
        posix_spawnattr_setsigmask(&attributes, &mask)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))

        let words = ([program] + arguments).map { strdup($0) }
        defer { for word in words { free(word) } }
        var child: pid_t = 0
        let result = posix_spawn(&child, program, &actions, &attributes, words + [nil], environ)
        guard result == 0 else {
            close(pipe[0])
            throw ChildProcess.failure(program, result)
        }
        pid = child
        output = pipe[0]
    }

    deinit { close(output) }

    /// The first line of its output that starts with `prefix`; nil when it ended or `seconds` passed without one.
    func firstLine(withPrefix prefix: String, within seconds: Double) -> String? {
        let clock = ContinuousClock()
        let deadline = clock.now + .seconds(seconds)
        var pending: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while pending.count < 1 << 16 {
            while let end = pending.firstIndex(of: 0x0A) {
                let line = String(decoding: pending[..<end], as: UTF8.self)
                pending.removeSubrange(...end)
                if line.hasPrefix(prefix) { return line }
            }
            let left = clock.now.duration(to: deadline) / .milliseconds(1)
            var wait = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
            guard left > 0 else { return nil }
            let ready = poll(&wait, 1, Int32(min(left + 1, 1000)))
            if ready < 0 && errno != EINTR { return nil }
            guard ready > 0 else { continue }
            let count = read(output, &buffer, buffer.count)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return nil }
            pending.append(contentsOf: buffer[..<count])
        }
        return nil
    }

    /// Reads on and forgets, so that the process never waits for somebody to read what it prints.
    func ignoreOutput() {
        Thread.detachNewThread { [self] in
            var buffer = [UInt8](repeating: 0, count: 4096)
            while true {
                let count = read(output, &buffer, buffer.count)
                guard count > 0 || (count < 0 && errno == EINTR) else { return }
            }
        }
    }

    /// How it ended; nil while it runs.
    func hasEnded() -> Status? {
        status.withLock { status in
            if let status { return status }
            var word: Int32 = 0
            guard waitpid(pid, &word, WNOHANG) == pid else { return nil }
            // The macros of <sys/wait.h>, which Swift does not import.
            status = word & 0x7F == 0 ? .exited((word >> 8) & 0xFF) : .killed(word & 0x7F)
            return status
        }
    }

    /// Asks it to end, waits up to `patience` seconds, then kills it and whatever it started in its group.
    @discardableResult
    func terminate(patience seconds: Double) -> Status {
        let clock = ContinuousClock()
        let deadline = clock.now + .seconds(seconds)
        if hasEnded() == nil { kill(pid, SIGTERM) }
        var isKilled = false
        while true {
            if let status = hasEnded() { return status }
            if !isKilled && clock.now > deadline {
                kill(-pid, SIGKILL)
                isKilled = true
            }
            usleep(10_000)
        }
    }

    private static func failure(_ program: String, _ code: Int32) -> CommandError {
        CommandError(
            "E_SPAWN", .unavailable, "\(program) cannot be started: \(String(cString: strerror(code)))", place: .file(program))
    }
}
