import Foundation
import Stores

/// The presence of heads, waited for on a queue of its own because the store blocks.
final class Presence: Sendable {
    private let presence: HeadPresence
    private let queue = DispatchQueue(label: "presence")

    /// Throws `E_STANDBY_STORE` when `url` is not a Postgres.
    init(_ url: StoreURL) throws { presence = try HeadPresence(url) }

    func callAsFunction<Value: Sendable>(_ body: @escaping @Sendable (HeadPresence) throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { [presence] in continuation.resume(with: Result { try body(presence) }) }
        }
    }
}
