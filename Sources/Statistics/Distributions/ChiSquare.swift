/// The chi-square distribution.
package enum ChiSquare {
    /// The probability of a value at most `x` with `degrees` degrees of freedom (positive).
    package static func cdf(_ x: Double, degrees: Double) -> Double {
        x <= 0 ? 0 : GammaFunctions.lowerGamma(degrees / 2, x / 2)
    }

    /// The probability of a value above `x`, with full relative accuracy in the tail.
    package static func survival(_ x: Double, degrees: Double) -> Double {
        x <= 0 ? 1 : GammaFunctions.upperGamma(degrees / 2, x / 2)
    }
}
