import Foundation

/// Promotions in the same process.
struct InMemoryChangeSource: RegistryChangeSource {
    let storage: InMemoryStorage

    /// Short waits, because `wake` cannot end them.
    func newest(unlike known: Int64?, wake: CInt) throws -> Int64 {
        Int64(storage.waitForPromotions(beyond: Int(known ?? -1), until: Date(timeIntervalSinceNow: 0.1)))
    }
}
