/// Turns a model's predictions into targets.
///
/// A prediction is centred: 0 is no opinion. For a regression it is the predicted return and `scale` is the standard
/// deviation of the model's predictions on its training range; for a classification it is the probability less one half
/// and `scale` is one half. So thresholds are in standard deviations, or in shares of the way to certainty.
package enum PositionRule: Sendable, Hashable, Codable {
    /// Long (`size`) above +threshold × scale, short (-`size`) below -threshold × scale, flat between.
    case sign(threshold: Double, size: Double)
    /// Long (`size`) above threshold × scale, otherwise flat.
    case longOnly(threshold: Double, size: Double)
    /// prediction / (full × scale) × size, cut to ±size: `full` is the prediction, in scales, that takes the whole size.
    case proportional(full: Double, size: Double)

    /// The names of all rules, as specs write them.
    package static let kinds = ["sign", "longOnly", "proportional"]

    /// The parameters of the rule called `kind`. Throws `E_STRATEGY_KIND` when there is none.
    package static func schema(_ kind: String) throws(BacktestError) -> [StrategyParameter] {
        let size = StrategyParameter.real(
            "size", 0.01...Limits.largestPosition, default: 1, "the full position as a fraction of equity")
        switch kind {
        case "sign":
            return [.real("threshold", 0...100, default: 0, "how far from zero a prediction must be, in scales"), size]
        case "longOnly":
            return [.real("threshold", -100...100, default: 0, "what a prediction must be above, in scales"), size]
        case "proportional":
            return [.real("full", 0.001...1000, default: 1, "the prediction that takes the whole size, in scales"), size]
        default: throw StrategyParameter.unknownKind(kind, of: kinds, what: "position rule")
        }
    }

    /// The rule called `kind` with the parameters by name.
    ///
    /// Throws `E_STRATEGY_KIND`, or `E_STRATEGY_PARAMETER` for an unknown or impossible parameter.
    package init(kind: String, parameters: [String: Double] = [:]) throws(BacktestError) {
        let values = try StrategyParameter.resolve(parameters, by: Self.schema(kind), of: kind)
        switch kind {
        case "longOnly": self = .longOnly(threshold: values[0], size: values[1])
        case "proportional": self = .proportional(full: values[0], size: values[1])
        default: self = .sign(threshold: values[0], size: values[1])
        }
    }

    /// One target per prediction. A prediction that is NaN has no opinion and gives 0; so do all when `scale` is NaN or
    /// negative. A scale of 0, from a model that always predicts the same, leaves the prediction's sign to decide.
    package func targets(predictions: [Double], scale: Double) -> [Double] {
        guard scale >= 0 else { return [Double](repeating: 0, count: predictions.count) }
        switch self {
        case .sign(let threshold, let size):
            let edge = threshold * scale
            return predictions.map { $0 > edge ? size : ($0 < -edge ? -size : 0) }
        case .longOnly(let threshold, let size):
            let edge = threshold * scale
            return predictions.map { $0 > edge ? size : 0 }
        case .proportional(let full, let size):
            return predictions.map { prediction in
                let share = prediction / (full * scale)
                return share.isNaN ? 0 : min(max(share, -1), 1) * size
            }
        }
    }
}
