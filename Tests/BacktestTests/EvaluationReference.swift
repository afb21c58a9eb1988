import Foundation

/// The numbers of evaluation.json, made by empyrical, quantstats, statsmodels and plain loops (make_evaluation.py).
struct EvaluationReference: Decodable {
    struct Metrics: Decodable {
        let `case`, profile: String
        let returns: [Double]
        let values: [String: Number]
    }

    /// A number that may be infinite or NaN, which JSON has as text.
    struct Number: Decodable {
        let value: Double

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let number = try? container.decode(Double.self) {
                value = number
            } else {
                value = Double(try container.decode(String.self)) ?? .nan
            }
        }
    }

    struct RiskFree: Decodable { let annual, sharpe, sortino, probabilistic: Double }

    struct Difference: Decodable {
        let x, y: [Double]
        let lags: Int
        let difference, memmel, ledoitWolf: Double
    }

    struct Overfitting: Decodable {
        let trials: [[Double]]
        let blocks: Int
        let probability, loss, slope: Double
        let logits: [Double]
    }

    let benchmark: [String: Double]
    let metrics: [Metrics]
    let riskFree: RiskFree
    let difference: Difference
    let overfitting: Overfitting

    static func load() throws -> EvaluationReference {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Reference/evaluation.json")
        return try JSONDecoder().decode(EvaluationReference.self, from: Data(contentsOf: file))
    }
}
