import AsyncHTTPClient
import Diagnostics
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A head's HTTP API as typed calls. Every call throws `ClientError`: what the head answered, or `E_HEAD_UNREACHABLE`.
package final class HeadClient: Sendable {
    /// The heads' addresses without a final slash, and which of them answered last.
    private let urls: [String]
    private let current = Atomic<Int>(0)
    /// The address in use.
    package var url: String { urls[current.load(ordering: .relaxed) % urls.count] }
    let http: HTTPClient
    private let timeout: TimeAmount
    private static let answerLimit = 256 << 20

    /// Talks to the head at `url`, such as `http://127.0.0.1:8400`, or to whichever works of several, separated by commas;
    /// `timeout` is the longest wait for the first byte of an answer. Throws `E_HEAD_URL`. Call `shutdown` in the end.
    package init(url: String, timeout: Duration = .seconds(30)) throws {
        urls = try url.split(separator: ",", omittingEmptySubsequences: false).map {
            try Self.checked($0.trimmingCharacters(in: .whitespaces))
        }
        // Another head is asked sooner.
        self.timeout = TimeAmount(urls.count > 1 ? min(timeout, .seconds(5)) : timeout)
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        // Three heartbeats of an event stream: longer silence means the connection is dead.
        configuration.timeout = .init(connect: .seconds(5), read: .seconds(45))
        // Shorter than the head keeps idle connections, so that no request meets a closing one.
        configuration.connectionPool.idleTimeout = .seconds(5)
        configuration.connectionPool.retryConnectionEstablishment = false
        self.http = HTTPClient(eventLoopGroup: MultiThreadedEventLoopGroup.singleton, configuration: configuration)
    }

    private static func checked(_ url: String) throws -> String {
        guard let parts = URLComponents(string: url), parts.scheme == "http" || parts.scheme == "https",
            let host = parts.host, !host.isEmpty, parts.path.isEmpty || parts.path == "/", parts.query == nil, parts.user == nil
        else { throw ClientError.badURL(url) }
        return url.hasSuffix("/") ? String(url.dropLast()) : url
    }

    /// Goes on with the next head, if there are several and nobody has done so since `url` was in use.
    func moveOn(from url: String) {
        let index = current.load(ordering: .relaxed)
        guard urls.count > 1, urls[index % urls.count] == url else { return }
        _ = current.compareExchange(expected: index, desired: (index + 1) % urls.count, ordering: .relaxed)
    }

    /// Closes the connections. Calls after it fail.
    package func shutdown() async { try? await http.shutdown() }

    // MARK: Requests

    func get<Value: Decodable>(_ path: String, as type: Value.Type) async throws -> Value {
        try await call(.GET, path, as: type).value
    }

    func post<Value: Decodable>(
        _ path: String, _ body: (some Encodable)?, as type: Value.Type
    ) async throws -> (value: Value, status: Int) {
        let data = try body.map { try APICoding.encode($0) }
        return try await call(
            .POST, path, body: data.map { .bytes(ByteBuffer(bytes: $0)) }, contentType: data == nil ? nil : "application/json",
            as: type)
    }

    func call<Value: Decodable>(
        _ method: HTTPMethod, _ path: String, body: HTTPClientRequest.Body? = nil, contentType: String? = nil,
        timeout: TimeAmount? = nil,
        as type: Value.Type
    ) async throws -> (value: Value, status: Int) {
        let (data, status) = try await bytes(method, path, body: body, contentType: contentType, timeout: timeout)
        do {
            return (try APICoding.decode(type, from: data), status)
        } catch {
            throw ClientError.unreadable(url, status: status, "its JSON has another shape")
        }
    }

    /// The bytes of a successful answer. With several heads the next one is asked when one stands by or cannot be reached.
    func bytes(
        _ method: HTTPMethod, _ path: String, body: HTTPClientRequest.Body? = nil, contentType: String? = nil,
        timeout: TimeAmount? = nil
    ) async throws -> (Data, Int) {
        for _ in 1..<max(urls.count, 1) {
            let url = self.url
            do {
                return try await bytes(from: url, method, path, body: body, contentType: contentType, timeout: timeout)
            } catch let error as ClientError where error.category == .unavailable {
                moveOn(from: url)
                // What may have had its effect is repeated only when that does no harm (a submission carries its key), and a
                // file's bytes are read once.
                let isRepeatable = method == .GET || path.hasPrefix("/v1/jobs")
                guard contentType == nil || contentType == "application/json",
                    error.status == nil ? isRepeatable : error.code == "E_STANDBY"
                else { throw error }
            }
        }
        return try await bytes(from: url, method, path, body: body, contentType: contentType, timeout: timeout)
    }

    private func bytes(
        from url: String, _ method: HTTPMethod, _ path: String, body: HTTPClientRequest.Body?, contentType: String?,
        timeout: TimeAmount?
    ) async throws -> (Data, Int) {
        var request = HTTPClientRequest(url: url + path)
        request.method = method
        request.headers.add(name: "accept", value: "application/json")
        if let contentType { request.headers.add(name: "content-type", value: contentType) }
        request.body = body
        let response: HTTPClientResponse
        let data: Data
        do {
            response = try await http.execute(request, timeout: timeout ?? self.timeout)
            data = Data((try await response.body.collect(upTo: HeadClient.answerLimit)).readableBytesView)
        } catch {
            try Task.checkCancellation()
            throw ClientError.unreachable(url, HeadClient.reason(error))
        }
        let status = Int(response.status.code)
        guard !(200..<300).contains(status) else { return (data, status) }
        throw HeadClient.failure(data, status: status, url: url)
    }

    static func failure(_ data: Data, status: Int, url: String) -> ClientError {
        guard let errors = try? APICoding.decode(ErrorsView.self, from: data) else {
            return .unreadable(url, status: status, "the body holds no errors")
        }
        return ClientError(errors: errors.errors, status: status)
    }

    /// A connection's failure in a few words.
    static func reason(_ error: any Error) -> String {
        switch error {
        case let error as HTTPClientError where error == .connectTimeout: "connecting took longer than 5 seconds"
        case let error as HTTPClientError where error == .readTimeout || error == .deadlineExceeded: "no answer in time"
        case let error as HTTPClientError where error == .remoteConnectionClosed: "it closed the connection"
        // The connection ended in the middle of an answer.
        case let error as HTTPParserError where error == .invalidEOFState: "it closed the connection"
        case let error as NIOConnectionError:
            if let refused = error.connectionErrors.first(where: { ($0.error as? IOError)?.errnoCode == ECONNREFUSED }) {
                "nothing listens on port \(refused.target.port ?? 0)"
            } else if error.connectionErrors.isEmpty {
                "the name \(error.host) is not known"
            } else {
                "connecting to \(error.host) failed"
            }
        case let error as IOError where error.errnoCode == ECONNREFUSED: "nothing listens there"
        case let error as IOError where error.errnoCode == ECONNRESET: "it closed the connection"
        case is NIOTooManyBytesError: "its answer is longer than \(answerLimit >> 20) MiB"
        default: "\(error)"
        }
    }
}
