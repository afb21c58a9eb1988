/// Adjusts the probabilities of many tests at once, so that each can be compared with one level.
///
/// A probability that is NaN stays NaN and still counts as a test.
package enum MultipleTesting {
    /// Holm's step-down probabilities: reject those at most α, and no true hypothesis is rejected with probability 1 - α.
    ///
    /// Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6, 1979.
    package static func holm(_ pValues: [Double]) -> [Double] {
        var adjusted = pValues
        var largest = 0.0
        for (place, index) in ascending(pValues).enumerated() {
            largest = max(largest, pValues[index] * Double(pValues.count - place))
            adjusted[index] = min(1, largest)
        }
        return adjusted
    }

    /// Benjamini and Hochberg's step-up probabilities: reject those at most α, and the expected share of true hypotheses among
    /// the rejected ones is at most α.
    ///
    /// Benjamini and Hochberg, "Controlling the false discovery rate", JRSS B 57, 1995.
    package static func benjaminiHochberg(_ pValues: [Double]) -> [Double] {
        var adjusted = pValues
        var smallest = 1.0
        for (place, index) in ascending(pValues).enumerated().reversed() {
            smallest = min(smallest, pValues[index] * Double(pValues.count) / Double(place + 1))
            adjusted[index] = smallest
        }
        return adjusted
    }

    private static func ascending(_ values: [Double]) -> [Int] {
        values.indices.filter { !values[$0].isNaN }.sorted { (values[$0], $0) < (values[$1], $1) }
    }
}
