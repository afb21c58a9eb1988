import Backtest
import Registry
import Specs
import Wire

/// What a trial's stitched out-of-sample run came to: all that is kept of it in memory.
struct TrialScore: Sendable {
    let objective: Double
    /// Finite metrics by name.
    let metrics: [String: Double]
    /// SHA-256 of the out-of-sample returns, bit for bit.
    let digest: String

    private static let metricsLimit = 64

    /// Throws `E_METRIC_COUNT`, `E_METRIC_MISSING` or `E_METRIC_VALUE`, which then are the trial's error.
    init(_ result: ProtoStitchResult, goals: Goals) throws(ErrorView) {
        guard result.metrics.count <= Self.metricsLimit else {
            throw ErrorView(
                code: "E_METRIC_COUNT", message: "the trial has \(result.metrics.count) metrics, more than \(Self.metricsLimit)")
        }
        // A worker leaves out what it cannot compute, such as the Sharpe ratio of returns that never change.
        for name in goals.metrics {
            guard let value = result.metrics[name] else {
                throw ErrorView(code: "E_METRIC_MISSING", message: "the trial has no \(name), so it cannot be ranked")
            }
            guard value.isFinite else {
                throw ErrorView(code: "E_METRIC_VALUE", message: "the trial's \(name) is \(value), not a finite number")
            }
        }
        let objective = result.metrics[goals.objectives[0].metric] ?? 0
        guard let place = result.returns.firstIndex(where: { !$0.isFinite }) else {
            self.init(objective, result)
            return
        }
        throw ErrorView(code: "E_METRIC_VALUE", message: "return \(place) of the trial is \(result.returns[place])")
    }

    private init(_ objective: Double, _ result: ProtoStitchResult) {
        self.objective = objective
        metrics = result.metrics.filter(\.value.isFinite)
        var hasher = ContentHasher()
        for value in result.returns {
            withUnsafeBytes(of: value.bitPattern.littleEndian) { hasher.update($0) }
        }
        digest = hasher.finish()
    }

    /// The deflated Sharpe ratio of `best`, given all scores of the study and how many trials it was picked from, failed
    /// ones and those of earlier studies included.
    /// Nil when there are too few to estimate their spread.
    static func deflatedSharpe(of best: TrialScore, among scores: [TrialScore], trials: Int) -> Double? {
        deflatedSharpe(of: best.metrics, among: scores.map(\.metrics), trials: trials)
    }

    /// The same from the trials' metrics.
    static func deflatedSharpe(of best: [String: Double], among scores: [[String: Double]], trials: Int) -> Double? {
        guard let own = perPeriodSharpe(best), let skew = best["skew"], let kurtosis = best["kurtosis"],
            let periods = best["periods"]
        else { return nil }
        let sharpes = scores.compactMap(perPeriodSharpe)
        guard sharpes.count > 1 else { return nil }
        let value = SharpeInference.deflatedSharpe(
            sharpePerPeriod: own, skew: skew, kurtosis: kurtosis, periods: Int(periods), trialSharpesPerPeriod: sharpes,
            trials: trials)
        return value.isFinite ? value : nil
    }

    private static func perPeriodSharpe(_ metrics: [String: Double]) -> Double? {
        metrics["sharpe"].map { $0 / (252.0).squareRoot() }
    }
}
