/// The test of two forecasts' losses: is one forecast better than the other in the mean?
///
/// Diebold and Mariano, "Comparing predictive accuracy", JBES 13, 1995, with the correction for small samples of Harvey,
/// Leybourne and Newbold, "Testing the equality of prediction mean squared errors", IJF 13, 1997.
package enum DieboldMariano {
    /// Tests the loss differentials `losses - others` of forecasts `horizon` steps ahead; a positive statistic means that the
    /// first forecast loses more.
    ///
    /// d̄ / √(LRV/n) with the rectangular long-run variance γ0 + 2 Σ_{k < h} γk, times √[(n + 1 - 2h + h(h - 1)/n)/n], on
    /// Student's t with n - 1 degrees of freedom. NaN when the lengths differ, when the horizon is not in 1..<n, and when the
    /// rectangular variance is not positive, as it may be for a long horizon.
    package static func test(_ losses: [Double], _ others: [Double], horizon: Int = 1) -> TestResult {
        let unknown = TestResult(statistic: .nan, pValue: .nan)
        guard losses.count == others.count, horizon >= 1, horizon < losses.count else { return unknown }
        let n = Double(losses.count), h = Double(horizon)
        let differentials = zip(losses, others).map { $0 - $1 }
        let mean = CompensatedSum.of(differentials) / n
        let deviations = differentials.map { $0 - mean }
        var variance = 0.0
        for lag in 0..<horizon {
            var product = CompensatedSum()
            for i in lag..<deviations.count { product.add(deviations[i] * deviations[i - lag]) }
            variance += (lag == 0 ? 1 : 2) * product.value / n
        }
        guard variance > 0 else { return unknown }
        let correction = ((n + 1 - 2 * h + h * (h - 1) / n) / n).squareRoot()
        let statistic = mean / (variance / n).squareRoot() * correction
        return TestResult(statistic: statistic, pValue: StudentT.twoSided(statistic, degrees: n - 1))
    }
}
