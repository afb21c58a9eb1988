import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import Registry

/// Asks a serving node how it is, over the Open Inference Protocol v2.
package struct ServingClient: Sendable {
    /// What a serving node says of itself.
    package struct Report: Codable, Sendable, Hashable {
        package var url: String
        package var live: Bool
        package var ready: Bool
        /// `GET /v2`.
        package var server: Metadata?
        /// `GET /v2/models/NAME`, when a model was asked for.
        package var model: ModelMetadata?
    }

    package struct Metadata: Codable, Sendable, Hashable {
        package var name: String
        package var version: String
        package var extensions: [String]?
    }

    package struct ModelMetadata: Codable, Sendable, Hashable {
        package struct Tensor: Codable, Sendable, Hashable {
            package var name: String
            package var datatype: String
            package var shape: [Int]
        }
        package var name: String
        package var versions: [String]?
        package var platform: String?
        /// What the model wants to know, in the order of its columns, and the mean of each over its training rows.
        package struct Parameters: Codable, Sendable, Hashable {
            package var features: [String]?
            package var means: [Double]?
        }
        package var inputs: [Tensor]?
        package var outputs: [Tensor]?
        package var parameters: Parameters?
    }

    /// One prediction for one row.
    package struct Prediction: Codable, Sendable, Hashable {
        package var model: String
        package var version: String
        /// The row that was asked about, by feature.
        package var features: [String: Double]
        package var prediction: Double
    }

    private struct InferRequest: Encodable {
        struct Input: Encodable {
            var name = "features"
            var datatype = "FP64"
            var shape: [Int]
            var data: [Double]
        }
        var inputs: [Input]
    }

    private struct InferResponse: Decodable {
        struct Output: Decodable { var data: [Double] }
        var model_name: String
        var model_version: String
        var outputs: [Output]
    }

    private let client: HeadClient

    /// Throws `E_HEAD_URL` when `url` is not an address.
    package init(url: String) throws { self.client = try HeadClient(url: url, timeout: .seconds(5)) }

    package func shutdown() async { await client.shutdown() }

    /// Asks for health and metadata, and for `model`'s when one is named. Throws `E_SERVE_UNREACHABLE`.
    package func report(model: String?) async throws -> Report {
        if let model { try RegistryName.check(model, of: "model") }
        let live = try await succeeds("/v2/health/live")
        let ready = try await succeeds("/v2/health/ready")
        let server = try? await client.get("/v2", as: Metadata.self)
        var metadata: ModelMetadata?
        if let model { metadata = try? await client.get("/v2/models/\(model)", as: ModelMetadata.self) }
        return Report(url: client.url, live: live, ready: ready, server: server, model: metadata)
    }

    /// Asks `model` about a typical row: each feature's mean over the rows it was trained on. Throws what the node answers.
    package func predictTypicalRow(model: String) async throws -> Prediction {
        try RegistryName.check(model, of: "model")
        let metadata = try await client.get("/v2/models/\(model)", as: ModelMetadata.self)
        let names = metadata.parameters?.features ?? []
        let means = metadata.parameters?.means ?? []
        let request = InferRequest(inputs: [.init(shape: [1, means.count], data: means)])
        let answer = try await client.post("/v2/models/\(model)/infer", request, as: InferResponse.self).value
        guard let prediction = answer.outputs.first?.data.first else {
            throw ClientError.unreadable(client.url, status: 200, "the answer holds no prediction")
        }
        return Prediction(
            model: answer.model_name, version: answer.model_version,
            features: Dictionary(zip(names, means), uniquingKeysWith: { first, _ in first }), prediction: prediction)
    }

    private func succeeds(_ path: String) async throws -> Bool {
        do {
            _ = try await client.bytes(.GET, path)
            return true
        } catch let error as ClientError {
            guard error.status == nil else { return false }
            throw ClientError.servingUnreachable(client.url, error.message)
        }
    }
}

extension ClientError {
    /// `E_SERVE_UNREACHABLE`: no serving node answers at `url`.
    static func servingUnreachable(_ url: String, _ reason: String) -> ClientError {
        var error = ClientError.unreachable(url, reason)
        // The same failure in the words of a serving node.
        error.errors = [
            ErrorView(
                code: "E_SERVE_UNREACHABLE", message: "no serving node answers at \(url)",
                hint: "start one with: bellwether-serve --registry URL --model NAME --alias champion")
        ]
        return error
    }
}
