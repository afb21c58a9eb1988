import Foundation
package import Statistics

/// What a Sharpe ratio is worth, given how long it was observed and how many trials it was picked from.
///
/// Every Sharpe ratio here is per period, never annualised; `kurtosis` is raw, 3 for the normal distribution. Bailey and
/// López de Prado, "The Sharpe ratio efficient frontier", 2012, and "The deflated Sharpe ratio", 2014.
package enum SharpeInference {
    /// √[(1 - γ3 SR + (γ4 - 1)/4 SR²) / (n - 1)] (Mertens); NaN for fewer than two periods.
    package static func standardError(sharpe: Double, skew: Double = 0, kurtosis: Double = 3, periods: Int) -> Double {
        guard periods > 1 else { return .nan }
        return (variance(sharpe, skew, kurtosis) / Double(periods - 1)).squareRoot()
    }

    /// mean / standard deviation (ddof 1) of a sample; NaN when all values are equal.
    package static func sharpe(of moments: Moments) -> Double {
        let deviation = moments.standardDeviation()
        return deviation > 0 ? moments.mean / deviation : .nan
    }

    /// The interval that holds the true Sharpe ratio with the given confidence: SR ± z σ with Mertens' standard error. With the
    /// skew and kurtosis left at those of the normal distribution it is Lo's interval for independent returns.
    package static func interval(
        sharpe: Double, skew: Double = 0, kurtosis: Double = 3, periods: Int, confidence: Double = 0.95
    ) -> ConfidenceInterval {
        ConfidenceInterval(
            estimate: sharpe, standardError: standardError(sharpe: sharpe, skew: skew, kurtosis: kurtosis, periods: periods),
            confidence: confidence)
    }

    /// The interval from a stationary bootstrap of `returns`, whose blocks keep the autocorrelation that the formula leaves out.
    ///
    /// `meanBlockLength` is the optimal one of the returns unless given.
    package static func bootstrapInterval(
        returns: [Double], confidence: Double = 0.95, meanBlockLength: Double? = nil, replications: Int = 1000, seed: UInt64
    ) -> ConfidenceInterval {
        let length = meanBlockLength ?? BlockLength(optimalFor: returns).stationary
        var bootstrap = StationaryBootstrap(meanBlockLength: length, seed: seed)
        return ConfidenceInterval(
            replications: bootstrap.replicate(returns, replications: replications) { sharpe(of: Moments($0)) },
            confidence: confidence)
    }

    /// The probability that the true Sharpe ratio is above `benchmark` (PSR).
    package static func probabilistic(
        sharpe: Double, benchmark: Double = 0, skew: Double = 0, kurtosis: Double = 3, periods: Int
    ) -> Double {
        Normal.cdf((sharpe - benchmark) / standardError(sharpe: sharpe, skew: skew, kurtosis: kurtosis, periods: periods))
    }

    /// The number of periods after which the Sharpe ratio is above `benchmark` at the given confidence (MinTRL).
    ///
    /// 1 + [1 - γ3 SR + (γ4 - 1)/4 SR²] (z / (SR - SR*))²; infinite when the Sharpe ratio is not above the benchmark.
    package static func minimumTrackRecord(
        sharpe: Double, benchmark: Double = 0, skew: Double = 0, kurtosis: Double = 3, confidence: Double = 0.95
    ) -> Double {
        guard sharpe > benchmark else { return sharpe.isNaN || benchmark.isNaN ? .nan : .infinity }
        let ratio = Normal.quantile(confidence) / (sharpe - benchmark)
        return 1 + variance(sharpe, skew, kurtosis) * ratio * ratio
    }

    /// The Sharpe ratio that the best of `trials` trials without skill is expected to reach, given the variance of the
    /// trials' Sharpe ratios: √V [(1 - γ) z(1 - 1/N) + γ z(1 - 1/(N e))]. Zero for one trial, NaN for none.
    package static func expectedMaximum(variance: Double, trials: Int) -> Double {
        guard trials > 1 else { return trials == 1 ? 0 : .nan }
        let n = Double(trials)
        // Upper tail points as minus lower ones: 1 - 1/N would lose the digits of large N.
        let body = -Normal.quantile(1 / n)
        let tail = -Normal.quantile(1 / (n * M_E))
        return variance.squareRoot() * ((1 - eulerGamma) * body + eulerGamma * tail)
    }

    /// The years after which a best annual Sharpe ratio of `sharpe` among `trials` trials stops being expected by luck (MinBTL).
    package static func minimumBacktestYears(trials: Int, sharpe: Double = 1) -> Double {
        let years = expectedMaximum(variance: 1, trials: trials) / sharpe
        return years * years
    }

    /// The probability that the true Sharpe ratio is above what the best of all trials would reach by luck (DSR).
    ///
    /// `trialSharpesPerPeriod` has one value for every trial that was ever run, the chosen one included; a trial without
    /// a Sharpe ratio is NaN and still counts as a trial. `trials`, when given, is the number of trials instead, for callers
    /// that only kept the known values. `ddof` is that of the trials' variance. With one trial nothing was picked, and this
    /// is the probabilistic Sharpe ratio. NaN when the variance is not known.
    package static func deflatedSharpe(
        sharpePerPeriod: Double, skew: Double, kurtosis: Double, periods: Int, trialSharpesPerPeriod: [Double],
        trials: Int? = nil, ddof: Int = 1
    ) -> Double {
        let known = trialSharpesPerPeriod.filter(\.isFinite)
        let benchmark = expectedMaximum(
            variance: Moments(known).variance(ddof: ddof), trials: max(trials ?? 0, trialSharpesPerPeriod.count))
        return probabilistic(
            sharpe: sharpePerPeriod, benchmark: benchmark, skew: skew, kurtosis: kurtosis, periods: periods)
    }

    private static let eulerGamma = 0.57721566490153286061

    private static func variance(_ sharpe: Double, _ skew: Double, _ kurtosis: Double) -> Double {
        1 - skew * sharpe + (kurtosis - 1) / 4 * sharpe * sharpe
    }
}
