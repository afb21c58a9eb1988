import Foundation

/// Wilcoxon's signed-rank test: are paired differences symmetric around zero?
package enum WilcoxonSignedRank {
    /// The largest number of differences for which the probability is exact.
    package static let exactLimit = 50

    /// The smaller of the two rank sums and its two-sided probability.
    ///
    /// Differences of zero are left out, equal sizes share the mean of their ranks. The probability counts all sign patterns of
    /// the ranks at hand, ties included, up to `exactLimit` differences; beyond, it is the normal approximation with the
    /// variance corrected for ties. NaN when a difference is NaN or all are zero.
    package static func test(_ differences: [Double]) -> TestResult {
        let values = differences.filter { $0 != 0 }
        guard !values.isEmpty, !values.contains(where: \.isNaN) else { return TestResult(statistic: .nan, pValue: .nan) }
        let ranks = Ranks.average(values.map { abs($0) })
        var positive = 0.0, negative = 0.0
        for (value, rank) in zip(values, ranks) { if value > 0 { positive += rank } else { negative += rank } }
        let smaller = min(positive, negative)
        let pValue = values.count <= exactLimit ? exact(smaller, ranks) : approximate(smaller, ranks)
        return TestResult(statistic: smaller, pValue: pValue)
    }

    /// The test of x - y. NaN when the lengths differ.
    package static func paired(_ x: [Double], _ y: [Double]) -> TestResult {
        guard x.count == y.count else { return TestResult(statistic: .nan, pValue: .nan) }
        return test(zip(x, y).map { $0 - $1 })
    }

    /// Twice the share of sign patterns whose positive rank sum is at most `sum`, at most 1.
    private static func exact(_ sum: Double, _ ranks: [Double]) -> Double {
        // Shared ranks are halves, so doubled ranks are whole numbers.
        let doubled = ranks.map { Int(2 * $0) }
        let total = doubled.reduce(0, +)
        var share = [Double](repeating: 0, count: total + 1)
        share[0] = 1
        var reached = 0
        for rank in doubled {
            reached += rank
            for place in stride(from: reached, through: 0, by: -1) {
                share[place] = 0.5 * (share[place] + (place >= rank ? share[place - rank] : 0))
            }
        }
        return min(1, 2 * share[...Int(2 * sum)].reduce(0, +))
    }

    private static func approximate(_ sum: Double, _ ranks: [Double]) -> Double {
        let n = Double(ranks.count)
        var ties = 0.0
        let sorted = ranks.sorted()
        var start = 0
        while start < sorted.count {
            var end = start + 1
            while end < sorted.count, sorted[end] == sorted[start] { end += 1 }
            let size = Double(end - start)
            ties += size * size * size - size
            start = end
        }
        let deviation = ((n * (n + 1) * (2 * n + 1) - ties / 2) / 24).squareRoot()
        return min(1, 2 * Normal.cdf((sum - n * (n + 1) / 4) / deviation))
    }
}
