import MarketData

/// The JSON document beside a model's weights.
struct ModelManifest: Codable {
    static let format = "bellwether-model"
    static let version = 1

    struct Weights: Codable {
        let sha256: String
        let bytes: Int
    }

    struct Label: Codable {
        let forwardReturn: Int
    }

    struct TrainRange: Codable {
        let start: Int
        let end: Int
        /// The stamp of the last bar, in milliseconds since 1970.
        let lastTime: Int64
    }

    let format: String
    let version: Int
    let weights: Weights
    let features: [String]
    /// How features are scaled before the weights apply; the numbers are tensors.
    let scaler: String
    let label: Label
    let model: LinearModel.Kind
    let position: PositionRecord
    let dataset: String
    /// Bar indices, the end exclusive.
    let train: TrainRange
    /// In decimal digits, since 64 bits do not survive in every JSON reader's numbers.
    let seed: String
    let codeVersion: String
    let profile: TrainingProfile

    /// The two members that say how to read the others.
    struct Preamble: Decodable {
        let format: String
        let version: Int
    }
}
