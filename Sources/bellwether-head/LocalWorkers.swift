import Foundation
import Glibc
import Logging
import ServiceLifecycle
import Synchronization

/// Worker processes that a head starts on its own machine, and ends with itself. Each offers one core and its share of the
/// machine's memory.
///
/// A worker that dies is started again, at most so often; tasks that kill their workers are quarantined by the head.
final class LocalWorkers: Service {
    private static let restartsPerWorker = 8

    private let count: Int
    private let endpoint: String
    private let home: String
    private let logger: Logger
    private let children = Mutex<[pid_t]>([])

    init(count: Int, endpoint: String, home: String, logger: Logger) {
        self.count = count
        self.endpoint = endpoint
        self.home = home
        self.logger = logger
    }

    func run() async throws {
        await withTaskCancellationOrGracefulShutdownHandler {
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<count { group.addTask { [self] in await keepOne() } }
                // Without workers of its own the service still lasts as long as the others.
                if count == 0 { group.addTask { try? await gracefulShutdown() } }
                await group.waitForAll()
            }
        } onCancelOrGracefulShutdown: {
            for child in self.children.withLock({ $0 }) { kill(child, SIGTERM) }
        }
    }

    private func keepOne() async {
        for attempt in 0...Self.restartsPerWorker where !Task.isShuttingDownGracefully && !Task.isCancelled {
            if attempt > 0 { logger.warning("local worker died, starting another", metadata: ["attempt": "\(attempt)"]) }
            guard let child = spawn() else { return }
            children.withLock { $0.append(child) }
            // Asked to stop between the check above and the entry just made.
            if Task.isShuttingDownGracefully { kill(child, SIGTERM) }
            let status = await exitStatus(of: child)
            children.withLock { $0.removeAll { $0 == child } }
            if status == 0 { return }
        }
    }

    /// Starts one worker. It watches for the death of this process by itself.
    private func spawn() -> pid_t? {
        let program =
            (Bundle.main.executablePath.map { ($0 as NSString).deletingLastPathComponent } ?? ".") + "/bellwether-worker"
        let mebibytes = max(1, Int(ProcessInfo.processInfo.physicalMemory >> 20) / count)
        let arguments = [
            program, "--head", endpoint, "--home", home, "--cpu", "1", "--memory", "\(mebibytes)", "--exit-with-parent",
            "\(getpid())", "--log-level", logger.logLevel.rawValue,
        ]
        var environment = ProcessInfo.processInfo.environment
        environment["OPENBLAS_NUM_THREADS"] = "1"
        var argv: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        var envp: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for pointer in argv + envp { free(pointer) } }
        // Standard output is the head's own channel to whoever started it.
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawn_file_actions_adddup2(&actions, 2, 1)
        defer { posix_spawn_file_actions_destroy(&actions) }
        var child: pid_t = 0
        let result = posix_spawn(&child, program, &actions, nil, &argv, &envp)
        guard result == 0 else {
            logger.error(
                "local worker cannot be started",
                metadata: ["program": "\(program)", "error": "\(String(cString: strerror(result)))"])
            return nil
        }
        return child
    }

    private func exitStatus(of child: pid_t) async -> Int32 {
        await withCheckedContinuation { continuation in
            let thread = Thread {
                var status: Int32 = 0
                while waitpid(child, &status, 0) < 0 && errno == EINTR {}
                continuation.resume(returning: status)
            }
            thread.name = "waitpid"
            thread.start()
        }
    }
}
