/// A running sum that carries its rounding error along, so that its result is nearly that of exact addition.
///
/// Neumaier, "Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen", ZAMM 54, 1974. A sum that leaves
/// the finite doubles stays infinite or NaN, as with plain addition.
package struct CompensatedSum: Sendable {
    private var sum = 0.0
    private var lost = 0.0

    package init() {}

    /// The compensated sum of `values`.
    package static func of(_ values: [Double]) -> Double {
        var total = CompensatedSum()
        for value in values { total.add(value) }
        return total.value
    }

    package mutating func add(_ term: Double) {
        let next = sum + term
        lost += abs(sum) >= abs(term) ? (sum - next) + term : (term - next) + sum
        sum = next
    }

    /// The sum so far.
    package var value: Double { sum.isFinite ? sum + lost : sum }
}
