/// Stops a trial at a rung when what it has come to is no number or lies outside fixed limits.
package struct ThresholdPruner: Pruner, Yardstick {
    private let limits: ClosedRange<Double>

    /// The limits are those of the loss.
    package init(_ limits: ClosedRange<Double>) { self.limits = limits }

    package func yardstick() -> any Yardstick { self }

    package mutating func close(_ curve: TrialCurve?, loss: Double?) {}

    package func reasonToStop(_ curve: TrialCurve) -> String? {
        guard let value = curve.values.last, !limits.contains(value) else { return nil }
        return value.isNaN ? "not a number" : "beyond the threshold"
    }
}
