/// Correlation coefficients of paired values, in -1...1.
///
/// Both are NaN when the arrays differ in length, hold fewer than two pairs, or one of them is constant or has a NaN.
package enum Correlation {
    /// Pearson's correlation: covariance over the product of the standard deviations.
    package static func pearson(_ x: [Double], _ y: [Double]) -> Double {
        guard x.count == y.count, x.count >= 2 else { return .nan }
        guard x.contains(where: { $0 != x[0] }), y.contains(where: { $0 != y[0] }) else { return .nan }
        let n = Double(x.count)
        let meanX = CompensatedSum.of(x) / n, meanY = CompensatedSum.of(y) / n
        var xy = CompensatedSum(), xx = CompensatedSum(), yy = CompensatedSum()
        for i in x.indices {
            let dx = x[i] - meanX, dy = y[i] - meanY
            xy.add(dx * dy)
            xx.add(dx * dx)
            yy.add(dy * dy)
        }
        // The product of the roots only where the root of the product would overflow or underflow.
        let product = xx.value * yy.value
        let scale = product.isNormal ? product.squareRoot() : xx.value.squareRoot() * yy.value.squareRoot()
        guard scale > 0 else { return .nan }
        return max(-1, min(1, xy.value / scale))
    }

    /// Spearman's rank correlation: Pearson's correlation of the average ranks.
    package static func spearman(_ x: [Double], _ y: [Double]) -> Double {
        guard x.count == y.count else { return .nan }
        return pearson(Ranks.average(x), Ranks.average(y))
    }
}
