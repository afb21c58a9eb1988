import CProcess
import Foundation
import Glibc
import Synchronization

/// Sees to it that nothing a command started outlives its run or this worker.
///
/// A run's processes form a group, which is killed when the run ends. Those that left the group become children of this process
/// when their parents are gone (it is their subreaper), and are told apart by the run's name in their environment. When this
/// process dies without a word, the kernel kills each program, and a small process beside it, the keeper, kills the groups
/// and whatever carries the worker's mark.
package final class ProcessKeeper: Sendable {
    package static let shared = ProcessKeeper()

    /// The variable that names the run.
    static let variable = "BELLWETHER_RUN"

    private struct State {
        var nextRun = 0
        /// Runs that have not ended.
        var live: Set<String> = []
        /// Children that this process started itself and has not reaped, the keeper included.
        var own: Set<pid_t> = []
        /// Starts that are under way: their child may be there and not yet in `own`.
        var starting = 0
    }

    private let token = UUID().uuidString.lowercased()
    /// -1 when there is no keeper.
    private let socket: Int32
    private let state = Mutex(State())

    /// The first use starts the keeper; the program does it while it is still small.
    private init() {
        _ = bw_adopt_orphans()
        var keeper: pid_t = 0
        socket = bw_start_keeper("\(Self.variable)=\(token)-", &keeper)
        if keeper > 0 { state.withLock { _ = $0.own.insert(keeper) } }
    }

    /// A name for a new run, which counts as live until `end`.
    func begin() -> String {
        state.withLock { state in
            state.nextRun += 1
            let run = "\(token)-\(state.nextRun)"
            state.live.insert(run)
            return run
        }
    }

    /// Runs `start`, which makes a child of this process and returns its id, or nil; remembers the child's group.
    func start(_ start: () -> pid_t?) -> pid_t? {
        state.withLock { $0.starting += 1 }
        let pid = start()
        state.withLock { state in
            state.starting -= 1
            if let pid { state.own.insert(pid) }
        }
        if let pid, socket >= 0 { _ = bw_tell_keeper(socket, pid) }
        return pid
    }

    /// The child has been reaped.
    func forget(_ pid: pid_t) {
        if socket >= 0 { _ = bw_tell_keeper(socket, -pid) }
        state.withLock { _ = $0.own.remove(pid) }
    }

    /// The run is over: kills those of its processes that left their group, for as long as new ones turn up. Harmless when
    /// repeated.
    func end(_ run: String) {
        guard state.withLock({ $0.live.remove(run) }) != nil else { return }
        var rounds = 0
        while killStrays(of: run) > 0, rounds < 1_000 {
            rounds += 1
            usleep(200)
        }
    }

    /// Kills and reaps children that belong to no live run; returns how many were there, those that were over included.
    private func killStrays(of run: String) -> Int {
        let children = Self.children()
        let (own, live, isStarting) = state.withLock { ($0.own, $0.live, $0.starting > 0) }
        var found = 0
        for child in children where !own.contains(child) {
            let name = Self.run(of: child)
            // One without a name may be anybody's: it goes when no run is left that it could belong to. One that bears the name of
            // no run of this process is not ours.
            guard name == run || !isStarting && (name.map { isOver($0, live) } ?? live.isEmpty) else { continue }
            // One that is over counts as well: its children may have come to this process since the list was made.
            found += 1
            var status: Int32 = 0
            if waitpid(child, &status, WNOHANG) == 0 { kill(child, SIGKILL) }
        }
        return found
    }

    private func isOver(_ run: String, _ live: Set<String>) -> Bool { run.hasPrefix(token) && !live.contains(run) }

    /// All children of this process.
    private static func children() -> [pid_t] {
        guard let folder = opendir("/proc/self/task") else { return [] }
        defer { closedir(folder) }
        var children: [pid_t] = []
        while let entry = readdir(folder) {
            let thread = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            guard thread != ".", thread != ".." else { continue }
            let list = ProcessFile.read("/proc/self/task/\(thread)/children", limit: 65_536)
            children += list.split(separator: UInt8(ascii: " ")).compactMap { pid_t(String(decoding: $0, as: UTF8.self)) }
        }
        return children
    }

    /// The run that a process names in its environment.
    private static func run(of pid: pid_t) -> String? {
        let prefix = Array("\(variable)=".utf8)
        let variables = ProcessFile.read("/proc/\(pid)/environ", limit: 1 << 20).split(separator: 0)
        return variables.first { $0.starts(with: prefix) }.map { String(decoding: $0.dropFirst(prefix.count), as: UTF8.self) }
    }
}
