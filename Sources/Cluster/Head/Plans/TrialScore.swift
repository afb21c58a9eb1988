import Backtest
import Registry
import Wire

/// What a trial's stitched out-of-sample run came to: all that is kept of it in memory.
struct TrialScore: Sendable {
    let objective: Double
    /// Finite metrics by name.
    let metrics: [String: Double]
    /// SHA-256 of the out-of-sample returns, bit for bit.
    let digest: String

    private static let metricsLimit = 64

    /// Nil when the objective is missing or not finite, or a return is not finite: such a trial has failed.
    init?(_ result: ProtoStitchResult, objective name: String) {
        guard let objective = result.metrics[name], objective.isFinite, result.returns.allSatisfy(\.isFinite),
            result.metrics.count <= Self.metricsLimit
        else { return nil }
        self.objective = objective
        metrics = result.metrics.filter(\.value.isFinite)
        var hasher = ContentHasher()
        for value in result.returns {
            withUnsafeBytes(of: value.bitPattern.littleEndian) { hasher.update($0) }
        }
        digest = hasher.finish()
    }

    /// The deflated Sharpe ratio of `best`, given all scores of the study and how many trials it ran, failed ones included.
    /// Nil when there are too few to estimate their spread.
    static func deflatedSharpe(of best: TrialScore, among scores: [TrialScore], trials: Int) -> Double? {
        guard let own = best.perPeriodSharpe, let skew = best.metrics["skew"], let kurtosis = best.metrics["kurtosis"],
            let periods = best.metrics["periods"]
        else { return nil }
        let sharpes = scores.compactMap(\.perPeriodSharpe)
        guard sharpes.count > 1 else { return nil }
        let value = SharpeInference.deflatedSharpe(
            sharpePerPeriod: own, skew: skew, kurtosis: kurtosis, periods: Int(periods), trialSharpesPerPeriod: sharpes,
            trials: trials)
        return value.isFinite ? value : nil
    }

    private var perPeriodSharpe: Double? { metrics["sharpe"].map { $0 / (252.0).squareRoot() } }
}
