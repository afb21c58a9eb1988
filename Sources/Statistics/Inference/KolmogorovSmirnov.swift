import Foundation

/// The two-sample Kolmogorov-Smirnov test: do two samples come from the same continuous distribution?
package enum KolmogorovSmirnov {
    /// The largest product of the sample sizes for which the probability is exact.
    package static let exactLimit = 250_000

    /// The largest distance of the two empirical distribution functions, and the probability of one at least as large.
    ///
    /// The probability is exact (paths on a lattice, no ties assumed) while the sizes' product is at most `exactLimit`;
    /// beyond that it is Kolmogorov's limit at D √(nm/(n+m)). NaNs are left out; an empty sample gives NaN.
    package static func test(_ x: [Double], _ y: [Double]) -> TestResult {
        test(sorted: x.filter { !$0.isNaN }.sorted(), y.filter { !$0.isNaN }.sorted())
    }

    /// The same for samples in ascending order without NaN.
    package static func test(sorted x: [Double], _ y: [Double]) -> TestResult {
        guard !x.isEmpty, !y.isEmpty else { return TestResult(statistic: .nan, pValue: .nan) }
        let n = Double(x.count), m = Double(y.count)
        var i = 0, j = 0
        var largest = 0.0
        while i < x.count, j < y.count {
            let value = min(x[i], y[j])
            while i < x.count, x[i] <= value { i += 1 }
            while j < y.count, y[j] <= value { j += 1 }
            largest = max(largest, abs(Double(i) / n - Double(j) / m))
        }
        let (product, overflow) = x.count.multipliedReportingOverflow(by: y.count)
        let pValue =
            !overflow && product <= exactLimit
            ? exactSurvival(largest, x.count, y.count)
            : limitSurvival(largest * (n * m / (n + m)).squareRoot())
        return TestResult(statistic: largest, pValue: pValue)
    }

    /// Kolmogorov's limiting distribution above `z`: 2 Σ (-1)^(k-1) exp(-2 k² z²).
    package static func limitSurvival(_ z: Double) -> Double {
        if z <= 0 { return 1 }
        if z < 1 {
            // The theta function's other side converges fast where the series above does not.
            let factor = -Double.pi * .pi / (8 * z * z)
            var sum = 0.0
            for k in stride(from: 9.0, through: 1, by: -2) { sum += exp(factor * k * k) }
            return 1 - (2 * Double.pi).squareRoot() / z * sum
        }
        var sum = 0.0
        for k in stride(from: 8.0, through: 1, by: -1) {
            sum += (k.truncatingRemainder(dividingBy: 2) == 1 ? 1 : -1) * exp(-2 * k * k * z * z)
        }
        return max(0, min(1, 2 * sum))
    }

    /// The share of lattice paths from (0, 0) to (n, m) that somewhere leave |i/n - j/m| < distance.
    private static func exactSurvival(_ distance: Double, _ n: Int, _ m: Int) -> Double {
        // In units of 1/(nm) distances are whole numbers; the band's edge is one that must not be rounded across.
        let edge = (distance * Double(n) * Double(m)).rounded()
        func outside(_ i: Int, _ j: Int) -> Bool { abs(Double(i * m - j * n)) >= edge }
        if edge <= 0 { return 1 }
        // left[j] is the share of all paths to (i, j) that have been outside before: each step mixes its two predecessors
        // by the chance of coming from them, so nothing overflows and small results keep their accuracy.
        var left = [Double](repeating: 0, count: m + 1)
        for j in 0...m { left[j] = j > 0 && (left[j - 1] == 1 || outside(0, j)) ? 1 : 0 }
        for i in 1...n {
            if outside(i, 0) { left[0] = 1 }
            for j in 1...m {
                if outside(i, j) {
                    left[j] = 1
                } else {
                    let total = Double(i + j)
                    left[j] = left[j] * Double(i) / total + left[j - 1] * Double(j) / total
                }
            }
        }
        return left[m]
    }
}
