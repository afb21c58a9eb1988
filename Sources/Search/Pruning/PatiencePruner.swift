/// Stops a trial that has not become better for so many rungs.
///
/// It ends when the best of its last `patience + 1` rungs is worse by more than `margin` than the best before them.
package struct PatiencePruner: Pruner, Yardstick {
    private let patience: Int
    private let margin: Double

    package init(patience: Int, margin: Double) { (self.patience, self.margin) = (max(0, patience), max(0, margin)) }

    package func yardstick() -> any Yardstick { self }

    package mutating func close(_ curve: TrialCurve?, loss: Double?) {}

    package func reasonToStop(_ curve: TrialCurve) -> String? {
        let values = curve.values.map { $0.isNaN ? .infinity : $0 }
        guard values.count > patience + 1 else { return nil }
        let cut = values.count - patience - 1
        guard let before = values[..<cut].min(), let since = values[cut...].min(), before + margin < since else { return nil }
        return "not better for \(patience + 1) rungs"
    }
}
