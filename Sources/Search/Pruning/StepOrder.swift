/// In which order a trial's steps run.
package enum StepOrder: String, Sendable, Hashable, Codable, CaseIterable {
    case chronological
    /// So that the steps up to any rung lie all over the range: the van der Corput sequence.
    case spread

    /// A permutation of 0..<`count`.
    package func steps(_ count: Int) -> [Int] {
        guard self == .spread, count > 1 else { return Array(0..<max(0, count)) }
        let bits = Int.bitWidth - (count - 1).leadingZeroBitCount
        return (0..<(1 << bits)).lazy.map { code in
            Int(UInt(bitPattern: code).bitReversed >> UInt(Int.bitWidth - bits))
        }.filter { $0 < count }
    }
}

extension UInt {
    /// The bits from the other end.
    fileprivate var bitReversed: UInt {
        var (rest, reversed) = (self, UInt(0))
        for _ in 0..<UInt.bitWidth {
            reversed = reversed << 1 | rest & 1
            rest >>= 1
        }
        return reversed
    }
}
