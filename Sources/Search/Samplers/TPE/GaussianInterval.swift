import Foundation
import Statistics

/// Masses of intervals under the standard normal density, accurate in both tails.
enum GaussianInterval {
    /// ln of the mass of [a, b], a <= b. -infinity only where even the logarithm is out of range.
    static func logMass(_ a: Double, _ b: Double) -> Double {
        // Only the left tail keeps full relative accuracy, so an interval on the right is mirrored.
        if a > 0 { return logMass(-b, -a) }
        if b > 0 { return log1p(-cdf(a) - cdf(-b)) }
        let upper = cdf(b)
        let mass = upper - cdf(a)
        if mass > 1e-290, mass > 1e-6 * upper { return log(mass) }
        let (logUpper, logLower) = (Normal.logCDF(b), Normal.logCDF(a))
        return logLower == -.infinity ? logUpper : logUpper + log(-expm1(logLower - logUpper))
    }

    /// ln of the mass of the interval of width `h` around `z`; `logWidth` is ln h.
    ///
    /// A narrow one is the density times the width with the next two terms of its Taylor series (mass / (h φ(z)) =
    /// 1 + h²(z²-1)/24 + h⁴(z⁴-6z²+3)/1920 + ...): relative error below 1e-9 for |h z| < 0.2, with no cancellation and
    /// without a transcendental function.
    static func logMass(center z: Double, width h: Double, logWidth: Double) -> Double {
        guard h < 0.1, abs(h * z) < 0.2 else { return logMass(z - h / 2, z + h / 2) }
        let (z2, h2) = (z * z, h * h)
        let correction = h2 * (z2 - 1) / 24 + h2 * h2 * (z2 * z2 - 6 * z2 + 3) / 1920
        // ln(1 + c) to third order: |c| is below 0.002 here.
        return logWidth - 0.5 * z2 - logRootTwoPi + correction * (1 - correction * (0.5 - correction / 3))
    }

    /// The normal distribution function without the last digits of `Normal.cdf`: this is where a suggestion spends its time, and
    /// a relative error of x² ulps is far below what a density decides.
    private static func cdf(_ x: Double) -> Double { 0.5 * erfc(-0.70710678118654752440 * x) }

    /// ln √2π.
    static let logRootTwoPi = 0.9189385332046727417803

    /// The point of [a, b] below which a share `u` of the interval's mass lies; a <= 0 <= b.
    static func quantile(_ u: Double, _ a: Double, _ b: Double) -> Double {
        let (below, above) = (Normal.cdf(a), Normal.cdf(-b))
        let inside = 1 - below - above
        // The upper half is counted from above so that small tail probabilities keep their digits.
        let left = below + u * inside
        let x = left <= 0.5 ? Normal.quantile(left) : -Normal.quantile(above + (1 - u) * inside)
        return min(b, max(a, x))
    }
}
