/// A lasting change of the synthetic market from one bar on, for tests of drift detection.
package struct RegimeShift: Sendable, Hashable {
    /// The first bar after the change, counted from 0.
    package var fromBar: Int
    /// Multiplies the drift of every regime.
    package var drift: Double
    /// Multiplies the volatility of every regime.
    package var volatility: Double

    package init(fromBar: Int, drift: Double = 1, volatility: Double = 1) {
        self.fromBar = fromBar
        self.drift = drift
        self.volatility = volatility
    }
}
