import Foundation
import Statistics

/// The logarithm of the expected improvement, exact far into the tail where the improvement itself underflows.
///
/// Ament et al., "Unexpected improvements to expected improvement for Bayesian optimization", 2023.
package enum LogImprovement {
    /// ln E max(0, z + N(0, 1)).
    package static func standard(_ z: Double) -> Double {
        if z > -25 { return log(Normal.pdf(z) + z * Normal.cdf(z)) }
        // 1 + √(π/2) z erfcx(-z/√2) by the asymptotic series of the Mills ratio: 1/z² - 3/z⁴ + 15/z⁶ - 105/z⁸ + ...
        let square = 1 / (z * z)
        let rest = square * (1 - square * (3 - square * (15 - square * (105 - square * (945 - square * 10_395)))))
        return -0.5 * z * z - 0.9189385332046727417803 + log(rest)
    }

    /// The derivative of `standard`: Φ(z) over the improvement.
    package static func slope(_ z: Double, standard value: Double) -> Double { exp(Normal.logCDF(z) - value) }

    /// ln of the expected fall below `best` of a normal variable.
    package static func value(mean: Double, deviation: Double, best: Double) -> Double {
        standard((best - mean) / deviation) + log(deviation)
    }
}
