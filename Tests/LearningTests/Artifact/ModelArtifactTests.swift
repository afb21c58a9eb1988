import Foundation
import Learning
import LinearAlgebra
import MarketData
import Statistics
import Testing

@Suite struct ModelArtifactTests {
    private let artifact: ModelArtifact
    private let weights: [UInt8]
    private let manifest: [UInt8]

    init() throws {
        let names = try Fixtures.features(["return_1", "rsi_14", "obv"])
        let values = (0..<60).map { place in Double(place % 7) * 0.25 + Double(place % 3) }
        let matrix = FeatureMatrix(names: names, values: values)
        let model = try TrainedModel(
            features: names, scaler: Scaler(means: [0.001, 51.5, -0.125], scales: [0.01, 12, 0.3]), horizon: 5,
            model: LinearModel(kind: .ridge, weights: [0.0025, -1.0 / 3, 1e-17], intercept: 0.0004))
        artifact = try ModelArtifact(
            model: model, position: PositionRecord(kind: "sign", parameters: ["threshold": 0.1]),
            datasetHash: String(repeating: "1c", count: 32),
            trainRange: 112..<868, lastTrainTime: 1_046_390_400_000, seed: .max, codeVersion: "0.1.0+abc",
            profile: TrainingProfile(matrix, rows: 0..<20))
        (weights, manifest) = try artifact.encode()
    }

    private func code(_ weights: [UInt8], _ manifest: [UInt8]) throws -> String {
        try #require(throws: LearningError.self) { try ModelArtifact.decode(weights: weights, manifest: manifest) }.code
    }

    /// The manifest with a text replaced.
    private func manifest(_ old: String, _ new: String) throws -> [UInt8] {
        let text = String(decoding: manifest, as: UTF8.self)
        try #require(text.contains(old))
        return Array(text.replacing(old, with: new).utf8)
    }

    @Test("an artifact survives, to the bit, and is written the same way each time")
    func roundTrip() throws {
        let read = try ModelArtifact.decode(weights: weights, manifest: manifest)
        #expect(read == artifact)
        let again = try read.encode()
        #expect(again.weights == weights && again.manifest == manifest)
        let row = [0.01, 70, 0.2]
        #expect(try read.model.predict(row).bitPattern == artifact.model.predict(row).bitPattern)
    }

    @Test("the manifest is JSON with sorted keys that names its weights, features and origin")
    func manifestText() throws {
        let text = String(decoding: manifest, as: UTF8.self)
        #expect(text.hasPrefix(#"{"codeVersion":"0.1.0+abc","dataset":"1c1c"#))
        #expect(
            text.contains(
                #""features":["return_1","rsi_14","obv"],"format":"bellwether-model","label":{"forwardReturn":5},"model":"ridge""#
            ))
        #expect(text.contains(#""position":{"kind":"sign","parameters":{"threshold":0.1}}"#))
        #expect(
            text.contains(
                #""seed":"18446744073709551615","train":{"end":868,"lastTime":1046390400000,"start":112},"version":1,"weights":{"bytes":"#
            ))
    }

    @Test("the weights are the very bytes that Python's safetensors was seen to read")
    func python() throws {
        let file = try Data(contentsOf: Fixtures.referenceFile("model.safetensors"))
        #expect(weights == Array(file))
    }

    @Test("a model fitted on bars survives with its predictions")
    func fitted() throws {
        let bars = try Fixtures.walk(600, seed: 8)
        let names = try Fixtures.features(["return_1", "rsi_14", "volatility_21"])
        let matrix = FeatureMatrix.compute(names, of: bars)
        for kind in LinearModel.Kind.allCases {
            let recipe = ModelRecipe(kind: kind, l2: 2, features: names, horizon: 3)
            let model = try ModelTrainer.fit(recipe, features: matrix, closes: bars.close, rows: 0..<500)
            let artifact = try ModelArtifact(
                model: model, position: PositionRecord(kind: "sign"), datasetHash: String(repeating: "a0", count: 32),
                trainRange: 0..<500, lastTrainTime: 1_000, seed: 7, codeVersion: "x",
                profile: TrainingProfile(matrix, rows: 0..<500))
            let files = try artifact.encode()
            let read = try ModelArtifact.decode(weights: files.weights, manifest: files.manifest)
            #expect(read == artifact)
            #expect(try read.model.predict(matrix, rows: 500..<600) == model.predict(matrix, rows: 500..<600))
        }
    }

    @Test("every truncation and every byte turned over in the weights is refused by its hash")
    func damagedWeights() throws {
        for length in 0..<weights.count { #expect(try code(Array(weights[..<length]), manifest) == "E_ARTIFACT_HASH") }
        for place in weights.indices {
            var damaged = weights
            damaged[place] ^= 0xFF
            #expect(try code(damaged, manifest) == "E_ARTIFACT_HASH", "byte \(place)")
        }
        #expect(try code(weights + [0], manifest) == "E_ARTIFACT_HASH")
    }

    @Test("every truncation of the manifest is refused, and no damaged byte traps or passes for the same artifact")
    func damagedManifest() throws {
        for length in 0..<manifest.count { #expect(try code(weights, Array(manifest[..<length])) == "E_ARTIFACT_FORMAT") }
        var random = SplitMix64(seed: 31)
        var refused = 0
        for place in manifest.indices {
            var damaged = manifest
            damaged[place] ^= UInt8(1 + random.integer(below: 255))
            do {
                let read = try ModelArtifact.decode(weights: weights, manifest: damaged)
                #expect(read.model.predictsLike(artifact.model) && read.model.features.count == 3)
            } catch { refused += 1 }
        }
        #expect(refused > manifest.count / 2)
    }

    @Test("another version is named as such, whatever else it holds", arguments: ["2", "0", "-1", "999999"])
    func version(_ version: String) throws {
        #expect(try code(weights, manifest(#""version":1"#, #""version":\#(version)"#)) == "E_ARTIFACT_VERSION")
        #expect(try code([], Array(#"{"format":"bellwether-model","version":\#(version)}"#.utf8)) == "E_ARTIFACT_VERSION")
    }

    @Test(
        "what is not a manifest is not one",
        arguments: [
            "", "{}", "[]", "null", #"{"format":"other","version":1}"#, #"{"format":"bellwether-model"}"#,
            #"{"format":"bellwether-model","version":1}"#, #"{"format":"bellwether-model","version":1.5}"#,
            String(repeating: "[", count: 200_000),
        ])
    func notManifest(_ text: String) throws {
        #expect(try code(weights, Array(text.utf8)) == "E_ARTIFACT_FORMAT")
    }

    @Test("a manifest above the size limit is refused before it is read")
    func large() throws {
        #expect(try code(weights, [UInt8](repeating: 0x20, count: ModelArtifact.maximumManifest + 1)) == "E_ARTIFACT_FORMAT")
    }

    @Test(
        "members that contradict the model are refused",
        arguments: [
            (#""features":["return_1","rsi_14","obv"]"#, #""features":["return_1","rsi_14"]"#),
            (#""features":["return_1","rsi_14","obv"]"#, #""features":["rsi_14","return_1","obv"]"#),
            (#""features":["return_1","rsi_14","obv"]"#, #""features":["return_1","rsi_14","rsi_14"]"#),
            (#""features":["return_1","rsi_14","obv"]"#, #""features":["return_1","rsi_14","nonsense"]"#),
            (#""features":["return_1","rsi_14","obv"]"#, #""features":[]"#),
            (#""forwardReturn":5"#, #""forwardReturn":0"#),
            (#""scaler":"standard""#, #""scaler":"minmax""#),
            (#""seed":"18446744073709551615""#, #""seed":"18446744073709551616""#),
            (#""seed":"18446744073709551615""#, #""seed":"-1""#),
            (#""end":868,"lastTime":1046390400000,"start":112"#, #""end":112,"lastTime":1046390400000,"start":112"#),
            (#""end":868,"lastTime":1046390400000,"start":112"#, #""end":868,"lastTime":1046390400000,"start":-1"#),
            (#""dataset":"1c"#, #""dataset":"1C"#),
            (#""rows":20"#, #""rows":0"#),
            (#""shares":["#, #""shares":[0.5,"#),
            (#""edges":["#, #""edges":[99,"#),
            (#""standardDeviation":"#, #""standardDeviation":-1,"x":"#),
        ])
    func contradictions(_ old: String, _ new: String) throws {
        #expect(try code(weights, manifest(old, new)) == "E_MODEL_SCHEMA")
    }

    @Test("another hash or size of the weights is refused")
    func hash() throws {
        #expect(
            try code(weights, manifest(#""bytes":\#(weights.count)"#, #""bytes":\#(weights.count + 1)"#)) == "E_ARTIFACT_HASH")
        #expect(try code(weights, manifest(#""sha256":""#, #""sha256":"0"#)) == "E_ARTIFACT_HASH")
    }

    @Test("weights that are not numbers or of other sizes are refused though their hash is right")
    func schema() throws {
        let good: [Tensor] = [
            Tensor(name: "intercept", [0]), Tensor(name: "scaler.mean", [0, 0, 0]), Tensor(name: "scaler.scale", [1, 1, 1]),
            Tensor(name: "weights", [1, 2, 3]),
        ]
        #expect(
            try ModelArtifact.decode(weights: Safetensors.encode(good), manifest: naming(Safetensors.encode(good))).model.features
                .count == 3)
        let replaced: [Tensor] = [
            Tensor(name: "intercept", [.nan]), Tensor(name: "intercept", []), Tensor(name: "intercept", [1, 2]),
            Tensor(name: "scaler.mean", [0, .infinity, 0]), Tensor(name: "scaler.mean", [0, 0]),
            Tensor(name: "scaler.scale", [1, 0, 1]),
            Tensor(name: "scaler.scale", [1, -1, 1]), Tensor(name: "scaler.scale", [1, .leastNonzeroMagnitude, 1]),
            Tensor(name: "weights", [1, 2, .nan]),
            Tensor(name: "weights", [1, 2]), Tensor(name: "weights", [1, 2, 3, 4]),
        ]
        for tensor in replaced {
            let bytes = try Safetensors.encode(good.filter { $0.name != tensor.name } + [tensor])
            #expect(try code(bytes, naming(bytes)) == "E_MODEL_SCHEMA", "\(tensor)")
        }
        for tensors in [Array(good.dropLast()), good + [Tensor(name: "more", [1])], []] {
            let bytes = try Safetensors.encode(tensors)
            #expect(try code(bytes, naming(bytes)) == "E_MODEL_SCHEMA")
        }
        for bytes in [[UInt8](), [UInt8](repeating: 0, count: 64)] {
            #expect(try code(bytes, naming(bytes)) == "E_ARTIFACT_FORMAT")
        }
    }

    /// The manifest, naming other weights.
    private func naming(_ weights: [UInt8]) throws -> [UInt8] {
        let text = String(decoding: manifest, as: UTF8.self)
        let start = try #require(text.range(of: #""weights":{"#))
        let digest = ModelArtifact.hash(weights)
        return Array((text[..<start.lowerBound] + #""weights":{"bytes":\#(weights.count),"sha256":"\#(digest)"}}"#).utf8)
    }

    @Test("artifacts put together from parts that contradict one another are refused")
    func parts() throws {
        let hash = artifact.datasetHash
        func make(
            _ hash: String, _ range: Range<Int>, _ threshold: Double, _ profile: TrainingProfile, lastTime: Int64 = 0
        ) throws -> ModelArtifact {
            try ModelArtifact(
                model: artifact.model, position: PositionRecord(kind: "sign", parameters: ["threshold": threshold]),
                datasetHash: hash,
                trainRange: range, lastTrainTime: lastTime, seed: 1, codeVersion: "x", profile: profile)
        }
        #expect(throws: LearningError.self) { try make("abc", 0..<9, 0, artifact.profile) }
        #expect(throws: LearningError.self) { try make(hash, 9..<9, 0, artifact.profile) }
        #expect(throws: LearningError.self) { try make(hash, -1..<9, 0, artifact.profile) }
        #expect(throws: LearningError.self) { try make(hash, 0..<9, .nan, artifact.profile) }
        #expect(throws: LearningError.self) { try make(hash, 0..<9, 0, artifact.profile, lastTime: .max) }
        #expect(throws: LearningError.self) { try make(hash, 0..<9, 0, artifact.profile, lastTime: .min) }
        let other = FeatureMatrix(names: try Fixtures.features(["gap", "rsi_14", "obv"]), values: [1, 2, 3, 4, 5, 6])
        #expect(throws: LearningError.self) { try make(hash, 0..<9, 0, TrainingProfile(other, rows: 0..<2)) }
        #expect(try make(hash, 0..<9, 0, artifact.profile).trainRange == 0..<9)
    }
}

extension TrainedModel {
    /// Whether two models have the same numbers, whatever their features are called.
    fileprivate func predictsLike(_ other: TrainedModel) -> Bool {
        scaler == other.scaler && model.weights == other.model.weights && model.intercept == other.model.intercept
    }
}
