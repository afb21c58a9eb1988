/// Student's t tests of a mean.
package enum TTest {
    /// Tests that the mean of `values` is `mean`: t = (x̄ - mean) / (s / √n) with n - 1 degrees of freedom, s with ddof 1.
    ///
    /// NaN for fewer than two values; equal values give an infinite statistic, or NaN when their mean is `mean`.
    package static func oneSample(_ values: [Double], mean: Double = 0) -> TestResult {
        let moments = Moments(values)
        let n = Double(moments.count)
        let statistic = (moments.mean - mean) / (moments.standardDeviation() / n.squareRoot())
        return TestResult(statistic: statistic, pValue: StudentT.twoSided(statistic, degrees: n - 1))
    }

    /// Tests that paired values have the same mean: the one-sample test of their differences. NaN when the lengths differ.
    package static func paired(_ x: [Double], _ y: [Double]) -> TestResult {
        guard x.count == y.count else { return TestResult(statistic: .nan, pValue: .nan) }
        return oneSample(zip(x, y).map { $0 - $1 })
    }
}
