import CProcess
import Glibc
import Specs

/// A program that runs: the leader of a process group, with pipes for its output and its report. Used by one thread.
///
/// The kernel kills it when the thread that started it ends. That is the task's thread, which waits for it, so in
/// a worker that lives no program loses its parent.
final class ChildProcess {
    /// How a program ended.
    enum End: Equatable {
        case exited(Int32)
        case signalled(Int32)
    }

    /// What a program is started with.
    struct Plan {
        /// The program's file.
        var path: String
        /// With the program's name as the first.
        var arguments: [String]
        var environment: [String]
        /// Where it works.
        var folder: String
        var limits: CommandLimits
        /// A folder of the cgroup that it joins, open; -1 for none.
        var group: Int32 = -1
    }

    let pid: pid_t
    private let keeper: ProcessKeeper
    private let output: Int32
    private let report: Int32
    /// Readable when the program has ended; -1 where the kernel has none.
    private let life: Int32
    private var isOutputOpen = true
    private var isReportOpen = true
    private var buffer = [UInt8](repeating: 0, count: 65_536)

    /// Starts the program. Throws `E_CMD_START`.
    init(_ plan: Plan, keeper: ProcessKeeper) throws(ProgramError) {
        let pipes = try Self.pipes(plan.path)
        defer {
            close(pipes.output.write)
            close(pipes.report.write)
        }
        (self.keeper, output, report) = (keeper, pipes.output.read, pipes.report.read)
        do throws(ProgramError) {
            pid = try Self.start(plan, output: pipes.output.write, report: pipes.report.write, keeper)
        } catch {
            close(pipes.output.read)
            close(pipes.report.read)
            throw error
        }
        life = bw_process_descriptor(pid)
    }

    deinit {
        close(output)
        close(report)
        if life >= 0 { close(life) }
    }

    private typealias Pipe = (read: Int32, write: Int32)

    private static func pipes(_ path: String) throws(ProgramError) -> (output: Pipe, report: Pipe) {
        var output: [Int32] = [-1, -1]
        var report: [Int32] = [-1, -1]
        var error = bw_pipe(&output)
        guard error == 0 else { throw .start(path, error) }
        error = bw_pipe(&report)
        guard error == 0 else {
            for end in output { close(end) }
            throw .start(path, error)
        }
        return ((output[0], output[1]), (report[0], report[1]))
    }

    private static func start(_ plan: Plan, output: Int32, report: Int32, _ keeper: ProcessKeeper) throws(ProgramError) -> pid_t {
        var arguments: [UnsafeMutablePointer<CChar>?] = plan.arguments.map { strdup($0) } + [nil]
        var environment: [UnsafeMutablePointer<CChar>?] = plan.environment.map { strdup($0) } + [nil]
        defer { for pointer in arguments + environment { free(pointer) } }
        // A file that was written a moment ago may still be open in another program that is just being started.
        for pause: UInt32 in [0, 1, 2, 4, 8, 16, 32, 64, 128] {
            if pause > 0 { usleep(pause * 1_000) }
            var pid: pid_t = 0
            var error: Int32 = 0
            let started = keeper.start { () -> pid_t? in
                error = plan.path.withCString { path in
                    plan.folder.withCString { folder in
                        arguments.withUnsafeMutableBufferPointer { arguments in
                            environment.withUnsafeMutableBufferPointer { environment in
                                var start = bw_start()
                                (start.path, start.folder) = (path, folder)
                                start.arguments = UnsafePointer(arguments.baseAddress)
                                start.environment = UnsafePointer(environment.baseAddress)
                                (start.output, start.report, start.group) = (output, report, plan.group)
                                start.memory = plan.limits.memory.map { UInt64($0) } ?? 0
                                start.cpu_seconds = plan.limits.cpuSeconds.map { UInt64($0) } ?? 0
                                return bw_start_program(&start, &pid)
                            }
                        }
                    }
                }
                return error == 0 ? pid : nil
            }
            if let started { return started }
            guard error == ETXTBSY else { throw .start(plan.arguments.first ?? plan.path, error) }
        }
        throw .start(plan.arguments.first ?? plan.path, ETXTBSY)
    }

    /// Waits until the program has written, reported or ended, at most so long, and hands over what there is. Returns true when it has
    /// ended; it is not reaped yet, so its group's number is still its own.
    func wait(
        milliseconds: Int32, output take: (ArraySlice<UInt8>) -> Void, report takeReport: (ArraySlice<UInt8>) -> Void
    ) -> Bool {
        var polls = [
            pollfd(fd: isOutputOpen ? output : -1, events: Int16(POLLIN), revents: 0),
            pollfd(fd: isReportOpen ? report : -1, events: Int16(POLLIN), revents: 0),
            pollfd(fd: life, events: Int16(POLLIN), revents: 0),
        ]
        // Without a descriptor for its life the program is looked at often enough.
        _ = poll(&polls, 3, life >= 0 ? milliseconds : min(milliseconds, 5))
        if polls[0].revents != 0 { isOutputOpen = read(output, upTo: 1, take) }
        if polls[1].revents != 0 { isReportOpen = read(report, upTo: 1, takeReport) }
        if life >= 0 { return polls[2].revents != 0 }
        var info = siginfo_t()
        return waitid(P_PID, id_t(pid), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_signo == SIGCHLD
    }

    func signalGroup(_ number: Int32) { _ = kill(-pid, number) }

    /// The end of a program that has ended: kills the rest of its group, takes what is left in the pipes, and reaps it.
    func finish(output take: (ArraySlice<UInt8>) -> Void, report takeReport: (ArraySlice<UInt8>) -> Void) -> End {
        signalGroup(SIGKILL)
        // What a killed process wrote is in the pipe; more than a pipe holds can only come from one that left the group.
        _ = read(output, upTo: 32, take)
        _ = read(report, upTo: 32, takeReport)
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0 && errno == EINTR {}
        keeper.forget(pid)
        let signal = status & 0x7F
        return signal == 0 ? .exited((status >> 8) & 0xFF) : .signalled(signal)
    }

    /// Reads at most so many times; false when nobody can write any more.
    private func read(_ descriptor: Int32, upTo times: Int, _ take: (ArraySlice<UInt8>) -> Void) -> Bool {
        for _ in 0..<times {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0 { return errno == EINTR || errno == EAGAIN }
            if count == 0 { return false }
            take(buffer[..<count])
        }
        return true
    }
}
