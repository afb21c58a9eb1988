import AsyncHTTPClient
import Diagnostics
import Foundation
import NIOCore
import NIOHTTP1
import ServiceLifecycle
import Testing

@testable import Serving

/// A serving node's answers over HTTP.
@Suite(.timeLimit(.minutes(2))) struct ServingRoutesTests {
    private struct Answer {
        var status: Int
        var json: [String: Any]
        var code: String? { json["code"] as? String }
    }

    private static let row = #"{"inputs":[{"name":"features","shape":[1,3],"datatype":"FP64","data":[0.01,0.02,0.2]}]}"#

    /// Serves on a free port, with a version loaded unless `isEmpty`, and ends the node after `body`.
    private func serving(
        isEmpty: Bool = false, _ body: (_ ask: (HTTPMethod, String, String) async throws -> Answer) async throws -> Void
    ) async throws {
        let fixture = try ServingFixture()
        if !isEmpty { try fixture.promote(l2: 1, job: 1) }
        try await fixture.withHost { host, _ in
            let (ports, bound) = AsyncStream.makeStream(of: Int.self)
            let node = try ServingNode(host: host, window: nil, address: "127.0.0.1", port: 0, logger: fixture.logger) {
                bound.yield($0)
                bound.finish()
            }
            let group = ServiceGroup(configuration: .init(services: [node], logger: fixture.logger))
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                tasks.addTask {
                    defer { bound.finish() }
                    try await group.run()
                }
                for await port in ports {
                    do {
                        try await body { method, path, text in try await Self.ask(port, method, path, text) }
                    } catch {
                        await group.triggerGracefulShutdown()
                        throw error
                    }
                    await group.triggerGracefulShutdown()
                }
                try await tasks.waitForAll()
            }
        }
    }

    private static func ask(_ port: Int, _ method: HTTPMethod, _ path: String, _ body: String) async throws -> Answer {
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)\(path)")
        request.method = method
        if !body.isEmpty { request.body = .bytes(ByteBuffer(string: body)) }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
        let bytes = try await response.body.collect(upTo: 1 << 20)
        let json = try JSONSerialization.jsonObject(with: Data(bytes.readableBytesView)) as? [String: Any]
        return Answer(status: Int(response.status.code), json: json ?? [:])
    }

    @Test("A loaded model says what it is and answers")
    func answers() async throws {
        try await serving { ask in
            #expect(try await ask(.GET, "/v2/health/live", "").json["live"] as? Bool == true)
            let ready = try await ask(.GET, "/v2/health/ready", "")
            #expect(ready.status == 200 && ready.json["ready"] as? Bool == true)
            #expect(try await ask(.GET, "/v2/models/m/ready", "").status == 200)
            let model = try await ask(.GET, "/v2/models/m", "")
            #expect(model.json["name"] as? String == "m" && model.json["versions"] as? [String] == ["1"])
            let answer = try await ask(.POST, "/v2/models/m/infer", Self.row)
            #expect(answer.status == 200 && answer.json["model_version"] as? String == "1")
        }
    }

    @Test("A model that is not served is not found, whatever is asked of it")
    func unknownModel() async throws {
        try await serving { ask in
            for (method, path) in [(HTTPMethod.GET, "/v2/models/x"), (.GET, "/v2/models/x/ready"), (.POST, "/v2/models/x/infer")]
            {
                let answer = try await ask(method, path, method == .POST ? Self.row : "")
                #expect(answer.status == 404 && answer.code == "E_MODEL_UNKNOWN", "\(path)")
                #expect((answer.json["error"] as? String)?.contains("x") == true)
            }
        }
    }

    @Test("Without a promoted version the node lives and is not ready")
    func notReady() async throws {
        try await serving(isEmpty: true) { ask in
            #expect(try await ask(.GET, "/v2/health/live", "").status == 200)
            let ready = try await ask(.GET, "/v2/health/ready", "")
            #expect(ready.status == 503 && ready.json["ready"] as? Bool == false)
            for (method, path) in [(HTTPMethod.GET, "/v2/models/m"), (.GET, "/v2/models/m/ready"), (.POST, "/v2/models/m/infer")]
            {
                let answer = try await ask(method, path, method == .POST ? Self.row : "")
                #expect(answer.status == 503 && answer.code == "E_NOT_READY", "\(path)")
                #expect((answer.json["hint"] as? String)?.contains("promote") == true)
            }
        }
    }

    @Test("A body that is no request is wrong input with its place, and one over the limit is not read")
    func badBodies() async throws {
        try await serving { ask in
            for body in ["{", "[]", "nonsense", #"{"inputs":[]}"#, Self.row.replacing("[1,3]", with: "[1,2]")] {
                let answer = try await ask(.POST, "/v2/models/m/infer", body)
                #expect(answer.status == 400, "\(body)")
                #expect(answer.code == "E_INFER_JSON" || answer.code == "E_INFER_INPUT", "\(body): \(answer.json)")
                #expect(answer.json["place"] is String && answer.json["error"] is String, "\(body): \(answer.json)")
            }
            let large = Self.row + String(repeating: " ", count: ServingRoutes.bodyLimit + 1 - Self.row.utf8.count)
            let answer = try await ask(.POST, "/v2/models/m/infer", large)
            #expect(answer.status == 413 && answer.code == "E_BODY_LIMIT")
            // One byte less is read, and the node still answers.
            #expect(try await ask(.POST, "/v2/models/m/infer", String(large.dropLast())).status == 200)
        }
    }

    @Test("Only loopback addresses are bound", arguments: ["0.0.0.0", "::", "192.168.0.1", "example.org", ""])
    func bindsLoopback(_ address: String) async throws {
        let fixture = try ServingFixture()
        try await fixture.withHost { host, _ in
            let error = #expect(throws: ServingError.self) {
                try ServingNode(host: host, window: nil, address: address, port: 0, logger: fixture.logger) { _ in }
            }
            #expect(error?.code == "E_BIND_LOOPBACK" && error?.category == .refused)
        }
    }
}
