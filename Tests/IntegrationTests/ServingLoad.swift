import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import Synchronization
import TestSupport

/// A serving node as a real process.
final class TestServingNode: Sendable {
    let program: Program
    let url: String

    init(registry: String, home: String, model: String, settings: [String] = []) throws {
        var arguments = ["--registry", registry, "--home", home, "--model", model, "--port", "0"]
        if !settings.isEmpty {
            let file = home + "/serve.yaml"
            try settings.joined(separator: "\n").appending("\n").write(toFile: file, atomically: true, encoding: .utf8)
            arguments += ["--config", file]
        }
        program = try Program("bellwether-serve", arguments)
        struct Ready: Decodable { var http: String }
        url = try JSONDecoder().decode(Ready.self, from: Data(program.line(beginningWith: "ready ").utf8)).http
    }

    func stop() { program.stop() }

    /// One answer to an inference request.
    struct Answer: Decodable, Sendable {
        struct Output: Decodable, Sendable { var data: [Double] }
        var model_version: String
        var outputs: [Output]
    }

    /// Asks for predictions of `rows`, each with `width` features. Throws for any answer but 200.
    func infer(model: String, rows: [[Double]], width: Int) async throws -> Answer {
        var request = HTTPClientRequest(url: "\(url)/v2/models/\(model)/infer")
        request.method = .POST
        let data = rows.flatMap { $0 }.map { "\($0)" }.joined(separator: ",")
        request.body = .bytes(
            ByteBuffer(
                string:
                    "{\"inputs\":[{\"name\":\"features\",\"shape\":[\(rows.count),\(width)],\"datatype\":\"FP64\",\"data\":[\(data)]}]}"
            ))
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(10))
        let body = try await response.body.collect(upTo: 16 << 20)
        guard response.status == .ok else {
            throw Program.Failure(description: "\(response.status.code): \(String(buffer: body))")
        }
        return try JSONDecoder().decode(Answer.self, from: Data(body.readableBytesView))
    }
}

/// A constant stream of one-row requests until it is stopped; remembers every answer.
final class ServingLoad: Sendable {
    struct Seen: Sendable {
        var answers = 0
        var failures: [String] = []
        /// Versions in order of appearance, and when each was first seen, in milliseconds.
        var versions: [(version: String, at: Int64)] = []
        /// Predictions of the one row, by version.
        var predictions: [String: Set<Double>] = [:]
    }

    private let seen = Mutex(Seen())
    private let stopped = Mutex(false)

    var current: Seen { seen.withLock { $0 } }
    func stop() { stopped.withLock { $0 = true } }

    func run(_ node: TestServingNode, model: String, row: [Double], now: @Sendable () -> Int64) async {
        while !stopped.withLock({ $0 }) {
            do {
                let answer = try await node.infer(model: model, rows: [row], width: row.count)
                let at = now()
                seen.withLock { seen in
                    seen.answers += 1
                    if seen.versions.last?.version != answer.model_version { seen.versions.append((answer.model_version, at)) }
                    seen.predictions[answer.model_version, default: []].insert(answer.outputs[0].data[0])
                }
            } catch {
                seen.withLock { $0.failures.append("\(error)") }
            }
        }
    }
}
