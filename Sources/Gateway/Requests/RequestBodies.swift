import Cluster
import Diagnostics
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

extension Request {
    /// The whole body, at most `limit` bytes, or `E_BODY_TOO_LARGE`. A body that takes longer than `timeout` costs its
    /// sender the connection.
    func bytes(limit: Int, timeout: Duration, context: GatewayContext) async throws -> ByteBuffer {
        if let length = headers[.contentLength].flatMap({ Int($0) }), length > limit { throw GatewayError.bodyTooLarge(limit) }
        let channel = context.channel
        let deadline = channel.eventLoop.scheduleTask(in: TimeAmount(timeout)) { channel.close(promise: nil) }
        defer { deadline.cancel() }
        do {
            return try await body.collect(upTo: limit)
        } catch is NIOTooManyBytesError {
            throw GatewayError.bodyTooLarge(limit)
        }
    }

    /// The body as a value: strict JSON, an object with no other keys than `keys`.
    func json<Value: Decodable>(
        _ type: Value.Type, keys: [String], configuration: GatewayConfiguration, context: GatewayContext
    ) async throws -> Value {
        try requireContentType("application/json")
        let buffer = try await bytes(limit: configuration.jsonLimit, timeout: configuration.bodyTimeout, context: context)
        let data = Data(buffer.readableBytesView)
        try JSONGuard.check(data, keys: keys)
        do {
            return try APICoding.decode(type, from: data)
        } catch DecodingError.keyNotFound(let key, let context) {
            throw Request.jsonFailure("/" + (context.codingPath + [key]).map(\.stringValue).joined(separator: "/"), "is missing")
        } catch DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context),
            DecodingError.dataCorrupted(let context)
        {
            throw Request.jsonFailure(
                "/" + context.codingPath.map(\.stringValue).joined(separator: "/"), "has the wrong type or range")
        }
    }

    /// Throws `E_CONTENT_TYPE` unless the body is declared as `type`; parameters such as a charset are let pass.
    func requireContentType(_ type: String) throws {
        let given = headers[.contentType] ?? ""
        let essence = given.prefix { $0 != ";" }.lowercased().filter { $0 != " " && $0 != "\t" }
        guard essence == type else {
            throw GatewayError(
                "E_CONTENT_TYPE", .unsupportedMediaType, "the body is '\(GatewayError.printable(given))', but this takes \(type)",
                hint: "send the header Content-Type: \(type)")
        }
    }

    private static func jsonFailure(_ pointer: String, _ problem: String) -> GatewayError {
        GatewayError("E_JSON_SHAPE", .badRequest, "\(pointer) \(problem)", place: .key(pointer))
    }
}

extension Request {
    /// Reads away a body that says nothing; more than a few bytes are `E_BODY_TOO_LARGE`.
    func requireNoBody(_ context: GatewayContext) async throws {
        _ = try await bytes(limit: 256, timeout: .seconds(10), context: context)
    }
}
