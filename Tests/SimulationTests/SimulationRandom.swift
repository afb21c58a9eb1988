/// The generator behind every choice of a simulation: SplitMix64. Each kind of choice draws from its own stream, so that
/// switching one fault off leaves the others as they were.
struct SimulationRandom {
    private var state: UInt64

    init(seed: UInt64, stream: UInt64) { state = SimulationRandom.mix(seed &* 0x9E37_79B9_7F4A_7C15 &+ stream) }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return SimulationRandom.mix(state)
    }

    mutating func integer(_ range: ClosedRange<Int64>) -> Int64 {
        range.lowerBound + Int64(next() % UInt64(range.upperBound - range.lowerBound + 1))
    }

    mutating func chance(_ probability: Double) -> Bool { Double(next() >> 11) * 0x1p-53 < probability }

    static func mix(_ value: UInt64) -> UInt64 {
        var z = value
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
