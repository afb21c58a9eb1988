import Diagnostics
import Foundation
import HTTPTypes
import Hummingbird
import Learning
import MarketData
import NIOCore
import Registry

/// The routes of the Open Inference Protocol v2 for one model.
struct ServingRoutes: Sendable {
    /// The largest request body in bytes.
    static let bodyLimit = 16 << 20

    let host: ModelHost
    let window: DriftWindow?

    func build() -> Router<BasicRequestContext> {
        let router = Router()
        router.get("/v2") { _, _ in
            Self.json(.ok, ServerView(name: "bellwether-serve", version: "2", extensions: []))
        }
        router.get("/v2/health/live") { _, _ in Self.json(.ok, HealthView(live: true)) }
        router.get("/v2/health/ready") { _, _ in
            Self.json(host.loaded == nil ? .serviceUnavailable : .ok, HealthView(ready: host.loaded != nil))
        }
        router.get("/v2/models/:model") { _, context in
            Self.answer { try Self.json(.ok, metadata(model(context))) }
        }
        router.get("/v2/models/:model/ready") { _, context in
            Self.answer { try Self.json(.ok, HealthView(ready: model(context).version.version > 0)) }
        }
        router.post("/v2/models/:model/infer") { request, context in
            let body: ByteBuffer
            do {
                body = try await request.body.collect(upTo: Self.bodyLimit)
            } catch {
                return Self.failure(
                    ServingError("E_BODY_LIMIT", "a request has at most \(Self.bodyLimit) bytes"), status: .contentTooLarge)
            }
            return Self.answer { try infer(body, context) }
        }
        return router
    }

    private func infer(_ body: ByteBuffer, _ context: BasicRequestContext) throws(ServingError) -> Response {
        let model = try model(context)
        let request = try Self.parse(body, for: model)
        let response = try InferenceResponse(request, model: model)
        window?.add(request, of: model)
        var buffer = ByteBuffer()
        buffer.reserveCapacity(192 + 24 * response.predictions.count)
        response.write(into: &buffer)
        return Response(status: .ok, headers: Self.headers, body: .init(byteBuffer: buffer))
    }

    private static func parse(_ body: ByteBuffer, for model: LoadedModel) throws(ServingError) -> InferenceRequest {
        let result: Result<InferenceRequest, ServingError> = body.withUnsafeReadableBytes { bytes in
            let bytes = bytes.bindMemory(to: UInt8.self)
            do throws(ServingError) { return .success(try InferenceRequest(bytes, for: model)) } catch { return .failure(error) }
        }
        return try result.get()
    }

    private func model(_ context: BasicRequestContext) throws(ServingError) -> LoadedModel {
        let name = context.parameters.get("model") ?? ""
        guard name == host.model else { throw .unknownModel(name) }
        guard let loaded = host.loaded else { throw .notReady(name) }
        return loaded
    }

    private func metadata(_ model: LoadedModel) -> ModelView {
        let width = model.width
        return ModelView(
            name: model.version.model, versions: ["\(model.version.version)"], platform: "bellwether",
            inputs: [TensorView(name: "features", datatype: "FP64", shape: [-1, width])],
            outputs: [TensorView(name: "prediction", datatype: "FP64", shape: [-1])],
            parameters: ModelView.Parameters(
                features: model.artifact.model.features.map(\.description), means: model.artifact.profile.features.map(\.mean),
                artifact: model.version.artifact, datasetHash: model.version.lineage.datasetHash,
                codeVersion: model.version.lineage.codeVersion))
    }

    // MARK: - Answers

    private static let headers: HTTPFields = [.contentType: "application/json"]

    private static func answer(_ body: () throws -> Response) -> Response {
        do {
            return try body()
        } catch let error as ServingError {
            return failure(error, status: status(of: error))
        } catch {
            return failure(ServingError("E_SERVE", "the request failed", category: .integrity), status: .internalServerError)
        }
    }

    private static func status(of error: ServingError) -> HTTPResponse.Status {
        if error.code == "E_MODEL_UNKNOWN" { return .notFound }
        return switch error.category {
        case .input: .badRequest
        case .integrity: .internalServerError
        case .unavailable: .serviceUnavailable
        case .refused: .conflict
        }
    }

    private static func failure(_ error: ServingError, status: HTTPResponse.Status) -> Response {
        json(status, FailureView(error: error.message, code: error.code, place: error.place?.description, hint: error.hint))
    }

    private static func json(_ status: HTTPResponse.Status, _ value: some Encodable) -> Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let data = (try? encoder.encode(value)) ?? Data("{}".utf8)
        return Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: data)))
    }
}

/// `GET /v2`.
private struct ServerView: Encodable {
    var name: String
    var version: String
    var extensions: [String]
}

/// The health answers; one of the two is there.
private struct HealthView: Encodable {
    var live: Bool?
    var ready: Bool?
}

/// `GET /v2/models/{model}`.
private struct ModelView: Encodable {
    struct Parameters: Encodable {
        /// In the order of the input's columns, with their means over the training rows: a row one can try.
        var features: [String]
        var means: [Double]
        var artifact: String
        var datasetHash: String
        var codeVersion: String
    }

    var name: String
    var versions: [String]
    var platform: String
    var inputs: [TensorView]
    var outputs: [TensorView]
    var parameters: Parameters
}

private struct TensorView: Encodable {
    var name: String
    var datatype: String
    var shape: [Int]
}

/// An error: the protocol's `error` member, and ours beside it.
private struct FailureView: Encodable {
    var error: String
    var code: String
    var place: String?
    var hint: String?
}
