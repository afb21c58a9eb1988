import Foundation
import Glibc
import Specs

/// A cgroup (v2) of one run, where this process may make one: its memory limit counts all processes of the run together, and
/// it is killed as a whole.
///
/// Only for runs with limits: moving a process into a cgroup takes the kernel longer than starting it.
final class ControlGroup {
    /// The group's folder, open.
    let descriptor: Int32
    private let path: String
    private var hasEnded = false

    /// Nil when the run has no memory limit, or no group can be made.
    init?(limits: CommandLimits, run: String) {
        guard let memory = limits.memory, let parent = Self.parent else { return nil }
        path = "\(parent)/\(run)"
        guard mkdir(path, 0o755) == 0 else { return nil }
        descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0, access("\(path)/cgroup.kill", W_OK) == 0 else {
            rmdir(path)
            return nil
        }
        // There is no such file where the memory controller is not ours to use; then the limit is each process's own.
        Self.write("\(memory)", to: "\(path)/memory.max")
        Self.write("0", to: "\(path)/memory.swap.max")
    }

    deinit {
        _ = end()
        close(descriptor)
    }

    /// Kills what is left of the group and removes it. Returns whether the kernel killed one of its processes for its memory.
    func end() -> Bool {
        guard !hasEnded else { return false }
        hasEnded = true
        let events = String(decoding: ProcessFile.read("\(path)/memory.events", limit: 4_096), as: UTF8.self)
        Self.write("1", to: "\(path)/cgroup.kill")
        // It can be removed once the killed are gone.
        var rounds = 0
        while rmdir(path) != 0, errno == EBUSY, rounds < 1_000 {
            rounds += 1
            usleep(500)
        }
        return events.split(separator: "\n").contains { $0.hasPrefix("oom_kill ") && $0 != "oom_kill 0" }
    }

    /// The folder of this process's own groups; nil where none can be made.
    private static let parent: String? = {
        let mounts = String(decoding: ProcessFile.read("/proc/self/mountinfo", limit: 1 << 20), as: UTF8.self)
        let own = String(decoding: ProcessFile.read("/proc/self/cgroup", limit: 65_536), as: UTF8.self)
        guard let mount = mounts.split(separator: "\n").first(where: { $0.contains(" - cgroup2 ") }),
            let line = own.split(separator: "\n").first(where: { $0.hasPrefix("0::") })
        else { return nil }
        let fields = mount.split(separator: " ")
        guard fields.count > 4 else { return nil }
        let here = "\(fields[4])" + (line.dropFirst(3) == "/" ? "" : "\(line.dropFirst(3))")
        removeAbandoned(in: here)
        let path = "\(here)/bellwether-\(getpid())"
        guard mkdir(path, 0o755) == 0 || errno == EEXIST else { return nil }
        write("+memory", to: "\(here)/cgroup.subtree_control")
        write("+memory", to: "\(path)/cgroup.subtree_control")
        return path
    }()

    /// Kills and removes what workers that died have left.
    private static func removeAbandoned(in here: String) {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: here)) ?? [] where name.hasPrefix("bellwether-") {
            guard let pid = pid_t(name.dropFirst("bellwether-".count)), kill(pid, 0) != 0, errno == ESRCH else { continue }
            let path = "\(here)/\(name)"
            write("1", to: "\(path)/cgroup.kill")
            for run in (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] { rmdir("\(path)/\(run)") }
            rmdir(path)
        }
    }

    private static func write(_ text: String, to path: String) {
        let descriptor = open(path, O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        _ = text.withCString { Glibc.write(descriptor, $0, strlen($0)) }
    }
}
