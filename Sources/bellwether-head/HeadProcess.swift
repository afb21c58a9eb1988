import Cluster
import Foundation
import Glibc
import ServiceLifecycle

/// Runs the head's loop as a service; ends it when the process is asked to stop, or when the parent it was started by is gone.
struct HeadProcess: Service {
    let head: Head
    let home: Home
    let parent: Int32?

    func run() async throws {
        let watch = parent.map { parent in
            Task {
                while getppid() == parent {
                    do { try await Task.sleep(for: .milliseconds(500)) } catch { return }
                }
                // As if asked to stop, so that the services around the loop end too.
                kill(getpid(), SIGTERM)
            }
        }
        defer {
            watch?.cancel()
            HeadRecord.read(in: home).flatMap { $0.pid == ProcessInfo.processInfo.processIdentifier ? $0 : nil }?.remove(in: home)
            head.close()
        }
        try await withGracefulShutdownHandler {
            try await head.run()
        } onGracefulShutdown: {
            head.stop()
        }
    }
}
