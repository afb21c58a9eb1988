/// Derives the seed of a part from the seed of the whole, so that no part depends on who ran before it.
package enum Seed {
    /// A seed for the part named by `path` (trial number, window index, ...) under `root`.
    ///
    /// The same arguments give the same seed on every machine; different paths give independent streams.
    package static func derive(_ root: UInt64, _ path: UInt64...) -> UInt64 {
        var seed = SplitMix64.mix(root &+ 0x9E37_79B9_7F4A_7C15)
        for part in path {
            seed = SplitMix64.mix(seed ^ SplitMix64.mix(part &+ 0xD1B5_4A32_D192_ED03))
        }
        return seed
    }
}
