import Cluster
import Diagnostics
import Foundation
import Gateway
import Logging
import Stores

/// A head that waits until the one that works is gone.
struct Standby {
    private static let pause = Duration.milliseconds(100)

    let url: StoreURL
    let hangMilliseconds: Int64
    let logger: Logger

    /// Returns when it is time to take over. Meanwhile says on `address` that it stands by. Throws what makes waiting
    /// pointless: an address that cannot be bound, a store that two heads cannot share.
    func wait(on address: HTTPAddress) async throws {
        let presence = try Presence(url)
        // The tables must be there, as this program knows them.
        try OpenStores(url, role: .node).close()
        let gateway = StandbyGateway(host: address.host, port: address.port, logger: logger) { port in
            FileHandle.standardOutput.write(Data("standby {\"http\":\"http://\(address.host):\(port)\"}\n".utf8))
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await gateway.run() }
            group.addTask { try await watch(presence) }
            try await group.next()
            group.cancelAll()
            try? await group.waitForAll()
        }
        try Task.checkCancellation()
        logger.notice("taking over")
    }

    private func watch(_ presence: Presence) async throws {
        var watch = StandbyWatch(hangMilliseconds: hangMilliseconds)
        while true {
            do {
                let sight = try await presence { try $0.look() }
                switch watch.saw(.init(term: sight.term, beat: sight.beat), holdsLock: sight.holdsLock, at: MonotonicClock.now) {
                case .takeOver: return
                case .letGo: try await presence { $0.letGo() }
                case .wait: break
                }
            } catch let error as StoreError where error.category == .unavailable {
                logger.warning("store unavailable", metadata: ["error": "\(error)"])
                watch.sawNothing()
            }
            try await Task.sleep(for: Self.pause)
        }
    }
}
