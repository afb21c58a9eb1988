import Foundation

/// The standard normal distribution.
@usableFromInline
package enum Normal {
    /// The density at `x`.
    package static func pdf(_ x: Double) -> Double {
        // x² is split in two so that its rounding error is not magnified by the exponential far out.
        let square = x * x
        guard square.isFinite else { return x.isNaN ? x : 0 }
        let error = (-square).addingProduct(x, x)
        return 0.3989422804014326779399 * exp(-0.5 * square) * (1 - 0.5 * error)
    }

    /// The probability of a value at most `x`, with full relative accuracy in the lower tail too.
    package static func cdf(_ x: Double) -> Double {
        // erfc(y) with y = -x/√2; what y lost in rounding comes back by the first-order term erfc'(y) δ.
        let y = -x * inverseRootTwo
        guard y.isFinite else { return x.isNaN ? x : (x > 0 ? 1 : 0) }
        let lost = (-y).addingProduct(-x, inverseRootTwo) - x * inverseRootTwoLow
        return min(1, 0.5 * (erfc(y) - 1.1283791670955125738962 * exp(-y * y) * lost))
    }

    /// The probability of a value above `x`.
    package static func survival(_ x: Double) -> Double { cdf(-x) }

    /// ln cdf(x), finite for every finite `x`.
    package static func logCDF(_ x: Double) -> Double {
        if x > 0 { return log1p(-cdf(-x)) }
        if x > -20 { return log(cdf(x)) }
        // Asymptotic series of the Mills ratio: Σ (-1)^k (2k-1)!! / x^2k.
        let z = 1 / (x * x)
        var series = 0.0
        for k in stride(from: 10.0, through: 1, by: -1) { series = -(2 * k - 1) * z * (1 + series) }
        return -0.5 * x * x - log(-x) - 0.9189385332046727417803 + log1p(series)
    }

    /// The value below which the probability is `p`; infinite at 0 and 1, NaN outside.
    ///
    /// Wichura, "Algorithm AS 241: the percentage points of the normal distribution", Applied Statistics 37, 1988: relative
    /// error near 1e-16. It uses IEEE basic operations only, so its bits are the same on every machine.
    @usableFromInline
    package static func quantile(_ p: Double) -> Double {
        guard p > 0, p < 1 else { return p == 0 ? -.infinity : (p == 1 ? .infinity : .nan) }
        let q = p - 0.5
        if abs(q) <= 0.425 {
            let r = 0.180625 - q * q
            return q * ratio(r, centralNumerator, centralDenominator)
        }
        let r = (-PortableMath.log(q < 0 ? p : 1 - p)).squareRoot()
        let distance = r <= 5 ? ratio(r - 1.6, middleNumerator, middleDenominator) : ratio(r - 5, tailNumerator, tailDenominator)
        return q < 0 ? -distance : distance
    }

    private static let inverseRootTwo = 0x1.6a09e667f3bcdp-1
    private static let inverseRootTwoLow = -0x1.bdd3413b26456p-55

    private typealias Coefficients = (Double, Double, Double, Double, Double, Double, Double, Double)

    private static func ratio(_ r: Double, _ n: Coefficients, _ d: Coefficients) -> Double { horner(r, n) / horner(r, d) }

    private static func horner(_ r: Double, _ c: Coefficients) -> Double {
        ((((((c.7 * r + c.6) * r + c.5) * r + c.4) * r + c.3) * r + c.2) * r + c.1) * r + c.0
    }

    private static let centralNumerator: Coefficients = (
        3.3871328727963666080, 133.14166789178437745, 1971.5909503065514427, 13731.693765509461125,
        45921.953931549871457, 67265.770927008700853, 33430.575583588128105, 2509.0809287301226727
    )
    private static let centralDenominator: Coefficients = (
        1, 42.313330701600911252, 687.18700749205790830, 5394.1960214247511077,
        21213.794301586595867, 39307.895800092710610, 28729.085735721942674, 5226.4952788528545610
    )
    private static let middleNumerator: Coefficients = (
        1.42343711074968357734, 4.63033784615654529590, 5.76949722146069140550, 3.64784832476320460504,
        1.27045825245236838258, 0.241780725177450611770, 0.0227238449892691845833, 7.74545014278341407640e-4
    )
    private static let middleDenominator: Coefficients = (
        1, 2.05319162663775882187, 1.67638483018380384940, 0.689767334985100004550,
        0.148103976427480074590, 0.0151986665636164571966, 5.47593808499534494600e-4, 1.05075007164441684324e-9
    )
    private static let tailNumerator: Coefficients = (
        6.65790464350110377720, 5.46378491116411436990, 1.78482653991729133580, 0.296560571828504891230,
        0.0265321895265761230930, 0.00124266094738807843860, 2.71155556874348757815e-5, 2.01033439929228813265e-7
    )
    private static let tailDenominator: Coefficients = (
        1, 0.599832206555887937690, 0.136929880922735805310, 0.0148753612908506148525,
        7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15
    )
}
