import Cluster
import Foundation
import Logging
import ServiceLifecycle
import Stores

/// Shows a head that stands by that this one works, a few times a second, for as long as its loop does; and ends this one
/// when another has taken over, even if it has nothing to write.
struct PresenceService: Service {
    private static let pause = Duration.milliseconds(200)

    let head: Head
    let url: StoreURL
    let logger: Logger

    func run() async throws {
        let presence = try Presence(url)
        let term = head.term
        while !Task.isCancelled, !Task.isShuttingDownGracefully {
            do {
                if head.isTurning { try await presence { try $0.beat(term: term) } }
            } catch let error as StoreError where error.kind == .fencedHead {
                head.fence(error)
                break
            } catch {
                // The store is away, and nobody takes over in that time either.
                logger.debug("no sign of life given", metadata: ["error": "\(error)"])
            }
            try? await Task.sleep(for: Self.pause)
        }
        // The lock is let go of with the connection, so a head that stands by need not wait.
        try await presence { $0.letGo() }
        try? await gracefulShutdown()
    }
}
