import Foundation

/// The regularised incomplete gamma and beta functions, on which the t and chi-square distributions stand.
///
/// Continued fractions by the modified Lentz method; NIST DLMF 8.7, 8.9, 8.17. Relative error near 1e-14.
package enum GammaFunctions {
    private static let tiny = 1e-300
    private static let maximumSteps = 20_000

    /// ln B(a, b) for positive arguments, without the cancellation of three large log-gammas.
    package static func logBeta(_ a: Double, _ b: Double) -> Double {
        let small = min(a, b), large = max(a, b)
        if large < 10 { return logGamma(small) + logGamma(large) - logGamma(small + large) }
        let ratio =
            -(large + small - 0.5) * log1p(small / large) - small * log(large) + small
            + stirlingError(large) - stirlingError(large + small)
        return logGamma(small) + ratio
    }

    /// I_x(a, b), the share of the beta distribution below `x`; `complement` is 1 - x, given apart so that neither is
    /// rounded away.
    package static func incompleteBeta(_ a: Double, _ b: Double, x: Double, complement y: Double) -> Double {
        guard a > 0, b > 0, x >= 0, y >= 0 else { return .nan }
        if x == 0 { return 0 }
        if y == 0 { return 1 }
        if x > (a + 1) / (a + b + 2) { return 1 - incompleteBeta(b, a, x: y, complement: x) }
        let logX = x > 0.5 ? log1p(-y) : log(x)
        let logY = y > 0.5 ? log1p(-x) : log(y)
        let front = exp(a * logX + b * logY - logBeta(a, b)) / a
        return front * betaFraction(a, b, x)
    }

    /// P(a, x), the share of the gamma distribution with shape `a` below `x`.
    package static func lowerGamma(_ a: Double, _ x: Double) -> Double {
        guard a > 0, x >= 0 else { return .nan }
        if x == 0 { return 0 }
        return x < a + 1 ? gammaSeries(a, x) : 1 - gammaFraction(a, x)
    }

    /// Q(a, x) = 1 - P(a, x), exact in the far tail.
    package static func upperGamma(_ a: Double, _ x: Double) -> Double {
        guard a > 0, x >= 0 else { return .nan }
        if x == 0 { return 1 }
        return x < a + 1 ? 1 - gammaSeries(a, x) : gammaFraction(a, x)
    }

    private static func logGamma(_ x: Double) -> Double {
        x < 10 ? log(tgamma(x)) : (x - 0.5) * log(x) - x + 0.5 * log(2 * .pi) + stirlingError(x)
    }

    /// ln Γ(x) less Stirling's formula, for x >= 10.
    private static func stirlingError(_ x: Double) -> Double {
        let z = 1 / (x * x)
        let series =
            1.0 / 12 - z * (1.0 / 360 - z * (1.0 / 1260 - z * (1.0 / 1680 - z * (1.0 / 1188 - z * (691.0 / 360_360 - z / 156)))))
        return series / x
    }

    private static func betaFraction(_ a: Double, _ b: Double, _ x: Double) -> Double {
        var c = 1.0
        var d = 1 / away(1 - (a + b) * x / (a + 1))
        var fraction = d
        for step in 1...maximumSteps {
            let m = Double(step)
            let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
            d = 1 / away(1 + even * d)
            c = away(1 + even / c)
            fraction *= d * c
            let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
            d = 1 / away(1 + odd * d)
            c = away(1 + odd / c)
            let factor = d * c
            fraction *= factor
            if abs(factor - 1) < 1e-16 { break }
        }
        return fraction
    }

    private static func gammaSeries(_ a: Double, _ x: Double) -> Double {
        var term = 1 / a
        var sum = term
        for step in 1...maximumSteps {
            term *= x / (a + Double(step))
            sum += term
            if term < sum * 1e-17 { break }
        }
        return sum * exp(-x + a * log(x) - logGamma(a))
    }

    private static func gammaFraction(_ a: Double, _ x: Double) -> Double {
        var b = x + 1 - a
        var c = 1 / tiny
        var d = 1 / away(b)
        var fraction = d
        for step in 1...maximumSteps {
            let n = Double(step)
            let numerator = -n * (n - a)
            b += 2
            d = 1 / away(numerator * d + b)
            c = away(b + numerator / c)
            let factor = d * c
            fraction *= factor
            if abs(factor - 1) < 1e-16 { break }
        }
        return fraction * exp(-x + a * log(x) - logGamma(a))
    }

    private static func away(_ value: Double) -> Double { abs(value) < tiny ? tiny : value }
}
