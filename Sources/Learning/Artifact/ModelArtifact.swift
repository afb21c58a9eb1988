import Crypto
import Diagnostics
import FoundationEssentials
import MarketData

/// A model as it is stored: one safetensors file with the numbers, and a JSON manifest with everything else.
package struct ModelArtifact: Sendable, Hashable {
    package let model: TrainedModel
    package let position: PositionRecord
    /// The SHA-256 of the dataset, in lower-case hexadecimal digits.
    package let datasetHash: String
    /// Bar indices that the fit could see.
    package let trainRange: Range<Int>
    /// The stamp of the last of them, in milliseconds since 1970: what the model knows of its market ends there, whichever
    /// dataset it is asked about.
    package let lastTrainTime: Int64
    package let seed: UInt64
    package let codeVersion: String
    package let profile: TrainingProfile

    /// The longest manifest that is read, in bytes.
    package static let maximumManifest = 4 << 20

    /// Puts an artifact together. Throws `E_MODEL_SCHEMA` when the parts contradict one another.
    package init(
        model: TrainedModel, position: PositionRecord, datasetHash: String, trainRange: Range<Int>, lastTrainTime: Int64,
        seed: UInt64, codeVersion: String, profile: TrainingProfile
    ) throws(LearningError) {
        try profile.validate(for: model.features)
        guard Self.isHash(datasetHash) else {
            throw LearningError(.modelSchema, "the dataset's hash is not 64 hexadecimal digits", place: .key("/dataset"))
        }
        guard trainRange.lowerBound >= 0, !trainRange.isEmpty else {
            throw LearningError(.modelSchema, "the train range \(trainRange) holds no bars", place: .key("/train"))
        }
        guard Self.times.contains(lastTrainTime) else {
            throw LearningError(.modelSchema, "the last train bar's time is not in the years 1 to 9999", place: .key("/train"))
        }
        guard position.parameters.values.allSatisfy(\.isFinite) else {
            throw LearningError(.modelSchema, "a parameter of the position rule is not a finite number", place: .key("/position"))
        }
        self.model = model
        self.position = position
        self.datasetHash = datasetHash
        self.trainRange = trainRange
        self.lastTrainTime = lastTrainTime
        self.seed = seed
        self.codeVersion = codeVersion
        self.profile = profile
    }

    /// The two files. Equal artifacts give equal bytes. Throws `E_ARTIFACT_FORMAT` when they cannot be written.
    package func encode() throws(LearningError) -> (weights: [UInt8], manifest: [UInt8]) {
        let weights = try Safetensors.encode([
            Tensor(name: TensorName.weights, model.model.weights),
            Tensor(name: TensorName.intercept, [model.model.intercept]),
            Tensor(name: TensorName.means, model.scaler.means),
            Tensor(name: TensorName.scales, model.scaler.scales),
        ])
        let manifest = ModelManifest(
            format: ModelManifest.format, version: ModelManifest.version,
            weights: .init(sha256: Self.hash(weights), bytes: weights.count), features: model.features.map(\.description),
            scaler: Self.scalerKind, label: .init(forwardReturn: model.horizon), model: model.model.kind, position: position,
            dataset: datasetHash, train: .init(start: trainRange.lowerBound, end: trainRange.upperBound, lastTime: lastTrainTime),
            seed: String(seed),
            codeVersion: codeVersion, profile: profile)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return (weights, Array(try encoder.encode(manifest)))
        } catch {
            throw LearningError(.artifactFormat, "the manifest cannot be written: \(error)")
        }
    }

    /// Reads the two files of a model from outside.
    ///
    /// Throws `E_ARTIFACT_FORMAT` (not such files), `E_ARTIFACT_VERSION`, `E_ARTIFACT_HASH` (other weights than the manifest
    /// names),
    /// `E_TENSOR_BOUNDS`, and `E_MODEL_SCHEMA` (parts that contradict one another, or numbers that are not finite).
    package static func decode(weights: [UInt8], manifest bytes: [UInt8]) throws(LearningError) -> ModelArtifact {
        let manifest = try readManifest(bytes)
        guard manifest.weights.bytes == weights.count, manifest.weights.sha256 == hash(weights) else {
            throw LearningError(
                .artifactHash, "the weights are not the \(manifest.weights.bytes) bytes that the manifest names",
                place: .key("/weights/sha256"),
                hint: "fetch the file again")
        }
        let tensors = try Safetensors.decode(weights)
        guard tensors.map(\.name) == TensorName.all else {
            throw LearningError(.modelSchema, "the weights hold other tensors than \(TensorName.all.joined(separator: ", "))")
        }
        let byName = Dictionary(tensors.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        func vector(_ name: String) throws(LearningError) -> [Double] {
            guard let tensor = byName[name], tensor.shape.count == 1 else {
                throw LearningError(.modelSchema, "the tensor \(name) is not a vector")
            }
            return tensor.values
        }
        let intercept = try vector(TensorName.intercept)
        let numbers = try vector(TensorName.weights)
        guard intercept.count == 1, intercept[0].isFinite, numbers.allSatisfy(\.isFinite) else {
            throw LearningError(.modelSchema, "the model has a weight that is not a finite number")
        }
        guard manifest.scaler == scalerKind else {
            throw LearningError(
                .modelSchema, "the scaler is '\(manifest.scaler.prefix(40))', not \(scalerKind)", place: .key("/scaler"))
        }
        let features: [FeatureName]
        do {
            features = try FeatureName.parse(manifest.features, key: "/features")
        } catch {
            throw LearningError(.modelSchema, error.message, place: error.place, hint: error.hint)
        }
        let model = try TrainedModel(
            features: features, scaler: Scaler(means: vector(TensorName.means), scales: vector(TensorName.scales)),
            horizon: manifest.label.forwardReturn,
            model: LinearModel(kind: manifest.model, weights: numbers, intercept: intercept[0]))
        guard let seed = UInt64(manifest.seed), manifest.train.start >= 0, manifest.train.start < manifest.train.end else {
            throw LearningError(.modelSchema, "the seed or the train range is not one", place: .key("/train"))
        }
        return try ModelArtifact(
            model: model, position: manifest.position, datasetHash: manifest.dataset,
            trainRange: manifest.train.start..<manifest.train.end, lastTrainTime: manifest.train.lastTime, seed: seed,
            codeVersion: manifest.codeVersion, profile: manifest.profile)
    }

    private static func readManifest(_ bytes: [UInt8]) throws(LearningError) -> ModelManifest {
        guard bytes.count <= maximumManifest else {
            throw LearningError(.artifactFormat, "a manifest of \(bytes.count) bytes is above the limit of \(maximumManifest)")
        }
        let data = Data(bytes)
        guard let preamble = try? JSONDecoder().decode(ModelManifest.Preamble.self, from: data),
            preamble.format == ModelManifest.format
        else {
            throw LearningError(.artifactFormat, "the manifest is not a JSON object of format \(ModelManifest.format)")
        }
        guard preamble.version == ModelManifest.version else {
            throw LearningError(
                .artifactVersion,
                "the manifest is of version \(preamble.version), but this program reads version \(ModelManifest.version)",
                place: .key("/version"), hint: preamble.version > ModelManifest.version ? "use a newer program" : nil)
        }
        do {
            return try JSONDecoder().decode(ModelManifest.self, from: data)
        } catch {
            throw LearningError(.artifactFormat, "the manifest lacks a member or has one of the wrong type")
        }
    }

    /// The SHA-256 of some bytes, in lower-case hexadecimal digits: the name an artifact goes by.
    package static func hash(_ bytes: [UInt8]) -> String {
        SHA256.hash(data: bytes).map { byte in
            let digits = String(byte, radix: 16)
            return byte < 16 ? "0" + digits : digits
        }.joined()
    }

    private static func isHash(_ text: String) -> Bool {
        text.utf8.count == 64 && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }

    /// The years 1 to 9999 in milliseconds since 1970.
    private static let times: ClosedRange<Int64> = -62_135_596_800_000...253_402_300_799_999
    private static let scalerKind = "standard"

    /// The names of the tensors.
    private enum TensorName {
        static let intercept = "intercept"
        static let means = "scaler.mean"
        static let scales = "scaler.scale"
        static let weights = "weights"
        /// In the order of a file.
        static let all = [intercept, means, scales, weights]
    }
}
