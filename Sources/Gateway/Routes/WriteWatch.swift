import Hummingbird
import Logging
import NIOCore
import Synchronization

/// Knows since when a write has been waiting for its reader.
final class WriteWatch: Sendable {
    private let since = Mutex<ContinuousClock.Instant?>(nil)

    @concurrent func write(_ buffer: ByteBuffer, to writer: inout any ResponseBodyWriter) async throws {
        since.withLock { $0 = ContinuousClock.now }
        try await writer.write(buffer)
        since.withLock { $0 = nil }
    }

    /// Watches until cancelled, and closes the connection when a write waits for too long.
    func guardAgainstStall(_ context: GatewayContext, _ configuration: GatewayConfiguration) async throws {
        while true {
            try await Task.sleep(for: configuration.stall / 4)
            guard isStalled(longerThan: configuration.stall) else { continue }
            context.logger.info("dropped an event stream that is not read")
            context.channel.close(promise: nil)
            return
        }
    }

    private func isStalled(longerThan limit: Duration) -> Bool {
        since.withLock { $0.map { ContinuousClock.now - $0 > limit } ?? false }
    }
}
