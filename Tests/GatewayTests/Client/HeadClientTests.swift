import Cluster
import Diagnostics
import Foundation
import Synchronization
import Testing

/// How the client takes answers that no head gives on purpose.
@Suite(.timeLimit(.minutes(1))) struct HeadClientTests {
    private func event(_ view: JobView) throws -> String {
        "event: job\ndata: \(String(decoding: try APICoding.encode(view), as: UTF8.self))\n\n"
    }

    @Test func `a stream that breaks is taken up again`() async throws {
        let head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
        func chunk(_ text: String) -> String { "\(String(text.utf8.count, radix: 16))\r\n\(text)\r\n" }
        let running = chunk(try event(FakeHead.job(1)))
        let ended = chunk(try event(FakeHead.job(1, state: "succeeded")))
        // Cut inside the body, cut inside an event, a server that says it is not ready, nothing at all, and then the end.
        let server = try RawServer(answers: [
            head + running, head + running + chunk("event: job\ndata: {\"id\""),
            RawServer.json("503 Service Unavailable", #"{"errors":[{"code":"E_X","message":"later"}]}"#), "",
            head + running + ended + "0\r\n\r\n",
        ])
        let client = try HeadClient(url: server.url)
        let lost = Mutex(0)
        var states: [String] = []
        for try await view in client.follow(1, onLost: { _ in lost.withLock { $0 += 1 } }) { states.append(view.state) }
        #expect(states.last == "succeeded")
        #expect(lost.withLock { $0 } >= 1)
        await client.shutdown()
    }

    @Test func `patience has an end`() async throws {
        let client = try HeadClient(url: "http://127.0.0.1:1")
        let error = await #expect(throws: ClientError.self) { for try await _ in client.follow(1, patience: .zero) {} }
        #expect(error?.code == "E_HEAD_UNREACHABLE")
        await client.shutdown()
    }

    @Test(arguments: ["502 Bad Gateway", "404 Not Found", "200 OK"])
    func `an answer that is not a head's is unavailable, whatever its status`(status: String) async throws {
        let client = try HeadClient(url: RawServer(answers: [RawServer.json(status, "<html>")]).url)
        let error = await #expect(throws: ClientError.self) { try await client.info() }
        #expect(error?.code == "E_HEAD_ANSWER")
        #expect(error?.category == .unavailable)
        await client.shutdown()
    }

    @Test func `a refusal without errors still says something`() {
        let error = ClientError(errors: [], status: 409)
        #expect(error.code == "E_HEAD_ANSWER")
        #expect(error.category == .refused)
        #expect(!error.description.isEmpty)
    }

    @Test func `redirects are not followed`() async throws {
        let answer = "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        let client = try HeadClient(url: RawServer(answers: [answer]).url)
        let error = await #expect(throws: ClientError.self) { try await client.info() }
        #expect(error?.code == "E_HEAD_ANSWER")
        await client.shutdown()
    }

    @Test func `a serving node's health and metadata are read`() async throws {
        let server = try RawServer(answers: [
            RawServer.json("200 OK", "{}"), RawServer.json("503 Service Unavailable", "{}"),
            RawServer.json("200 OK", #"{"name":"bellwether","version":"0.1.0","extensions":[]}"#),
            RawServer.json("200 OK", #"{"name":"m","versions":["2"],"inputs":[{"name":"x","datatype":"FP64","shape":[-1,3]}]}"#),
        ])
        let client = try ServingClient(url: server.url)
        let report = try await client.report(model: "m")
        #expect(report.live)
        #expect(!report.ready)
        #expect(report.server?.name == "bellwether")
        #expect(report.model?.inputs?.first?.shape == [-1, 3])
        await client.shutdown()
    }

    @Test func `no serving node is unavailable`() async throws {
        let client = try ServingClient(url: "http://127.0.0.1:1")
        let error = await #expect(throws: ClientError.self) { try await client.report(model: nil) }
        #expect(error?.code == "E_SERVE_UNREACHABLE")
        #expect(error?.category == .unavailable)
        await client.shutdown()
    }
}
