import Foundation

/// Round places on an axis: multiples of 1, 2 or 5 times a power of ten.
struct Ticks {
    let values: [Double]
    let step: Double

    /// About `count` ticks that lie within `low` to `high`; none unless both are finite and `low` is less.
    init(_ low: Double, _ high: Double, count: Int) {
        guard let step = Self.step(high - low, count: count), abs(low) < step * 1e9, abs(high) < step * 1e9 else {
            (values, step) = ([], 1)
            return
        }
        self.step = step
        let first = Int((low / step - 1e-9).rounded(.up)), last = Int((high / step + 1e-9).rounded(.down))
        values = first > last ? [] : (first...last).map { Double($0) * step }
    }

    /// The decimals that tell neighbours apart.
    var decimals: Int { min(6, max(0, Int((-log10(step) - 1e-9).rounded(.up)))) }

    /// The round step that cuts `span` into about `count` parts; nil when there is none.
    static func step(_ span: Double, count: Int) -> Double? {
        guard span > 1e-12, span < 1e15, count > 0 else { return nil }
        let rough = span / Double(count)
        let power = pow(10, log10(rough).rounded(.down))
        let lead = rough / power
        return (lead < 1.5 ? 1 : (lead < 3.5 ? 2 : (lead < 7.5 ? 5 : 10))) * power
    }

    /// `low` to `high` widened to multiples of the step of about `count` ticks; never empty.
    static func rounded(_ low: Double, _ high: Double, count: Int) -> ClosedRange<Double> {
        guard let step = step(high - low, count: count) else { return (low - 1)...(max(low, high) + 1) }
        return ((low / step + 1e-9).rounded(.down) * step)...((high / step - 1e-9).rounded(.up) * step)
    }
}
