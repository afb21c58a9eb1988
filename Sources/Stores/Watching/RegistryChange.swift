/// Says that promotions have happened; which ones, the registry knows.
package struct RegistryChange: Sendable, Hashable {
    /// Rises with every promotion of any model; 0 before the first.
    package let newestPromotion: Int64
    package init(newestPromotion: Int64) { self.newestPromotion = newestPromotion }
}

/// Where a watcher looks for changes. Used by the watcher's thread alone.
protocol RegistryChangeSource {
    /// The number of the newest promotion. Returns as soon as it is not `known`, when `wake` becomes readable, and after
    /// a second or two at the latest.
    func newest(unlike known: Int64?, wake: CInt) throws -> Int64
}
