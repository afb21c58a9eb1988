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
        package var inputs: [Tensor]?
        package var outputs: [Tensor]?
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
