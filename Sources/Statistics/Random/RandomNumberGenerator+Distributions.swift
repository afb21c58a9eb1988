extension RandomNumberGenerator {
    /// A double in [0, 1) with 53 random bits.
    @inlinable
    package mutating func uniform() -> Double {
        Double(next() &>> 11) * 0x1p-53
    }

    /// A double in (0, 1) with 52 random bits: the midpoints of 2^52 equal cells, so `u` and `1 - u` are equally likely.
    @inlinable
    package mutating func openUniform() -> Double {
        (Double(next() &>> 12) + 0.5) * 0x1p-52
    }

    /// An integer in 0..<`bound`, without bias (Lemire's multiply-and-reject). `bound` is positive.
    @inlinable
    package mutating func integer(below bound: UInt64) -> UInt64 {
        precondition(bound > 0)
        var product = next().multipliedFullWidth(by: bound)
        if product.low < bound {
            let threshold = (0 &- bound) % bound
            while product.low < threshold { product = next().multipliedFullWidth(by: bound) }
        }
        return product.high
    }

    /// A draw from the standard normal distribution.
    ///
    /// Inversion: the normal quantile of one open uniform. It takes exactly one `next()` per draw, so streams stay
    /// aligned, and uses only IEEE basic operations, so the bits are the same on every machine. |draw| < 8.3.
    @inlinable
    package mutating func gaussian() -> Double {
        Normal.quantile(openUniform())
    }
}
