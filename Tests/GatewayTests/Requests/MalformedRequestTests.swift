import Cluster
import Gateway
import Synchronization
import Testing

/// Bytes that are not what the API takes, over a raw connection: each gets its error, and the head goes on.
@Suite(.timeLimit(.minutes(1))) struct MalformedRequestTests {
    @Test func `an unknown path and a wrong method are told apart`() async throws {
        try await RunningGateway.with { gateway in
            let unknown = try await gateway.request("GET", "/v1/nothing")
            #expect(unknown.status == 404)
            #expect(unknown.codes == ["E_ROUTE_UNKNOWN"])
            let wrong = try await gateway.request("DELETE", "/v1/jobs")
            #expect(wrong.status == 405)
            #expect(wrong.codes == ["E_METHOD"])
            #expect(wrong.headers["allow"] == "GET, POST")
        }
    }

    @Test func `every answer carries the safeguards`() async throws {
        try await RunningGateway.with { gateway in
            for path in ["/v1/info", "/v1/nothing", "/v1/jobs/x", "/metrics"] {
                let answer = try await gateway.request("GET", path)
                #expect(answer.headers["x-content-type-options"] == "nosniff")
                #expect(answer.headers["cache-control"] == "no-store")
                #expect(answer.headers["content-security-policy"]?.contains("default-src 'none'") == true)
            }
        }
    }

    // Case 48: too long, with and without a declared length.
    @Test func `a JSON body beyond the limit is refused`() async throws {
        try await RunningGateway.with({ $0.jsonLimit = 100 }) { gateway in
            let body = #"{"uid":"u","spec":""# + String(repeating: "x", count: 200) + #""}"#
            let declared = try await gateway.json("POST", "/v1/jobs", body)
            #expect(declared.status == 413)
            #expect(declared.codes == ["E_BODY_TOO_LARGE"])
            let huge = try await gateway.raw(
                RunningGateway.head("POST", "/v1/jobs", "Content-Length: 999999999999") + "{"
            )
            #expect(huge.status == 413)
            #expect(gateway.head.state.withLock { $0.submitted }.isEmpty)
        }
    }

    // Case 48: a body that trickles, and a head that never ends.
    @Test func `slow senders lose their connection`() async throws {
        try await RunningGateway.with({
            $0.bodyTimeout = .milliseconds(200)
            $0.idleTimeout = .milliseconds(200)
        }) { gateway in
            let body = try await gateway.raw(
                "POST /v1/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{")
            #expect(body.status == 0 || body.status == 400)
            #expect(try await gateway.raw("GET /v1/info HTTP/1.1\r\nHost: local").status == 0)
            #expect(gateway.head.state.withLock { $0.submitted }.isEmpty)
            #expect(try await gateway.client.info().term == 3)
        }
    }

    // Case 49: two lengths, bad chunks, folded headers, and what is no HTTP at all.
    @Test(arguments: [
        "POST /v1/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST /v1/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
        RunningGateway.head("POST", "/v1/jobs", "Transfer-Encoding: chunked") + "zz\r\n{}\r\n0\r\n\r\n",
        "GET /v1/info HTTP/1.1\r\nHost: localhost\r\nX-A: b\r\n c\r\n\r\n", "GET /v1/info\r\n\r\n", "\u{16}\u{3}\u{1}\r\n\r\n",
        "GET /v1/info HTTP/1.1\r\nHost: localhost\r\nX-Null: a\u{0}b\r\n\r\n",
    ])
    func `a request that is not well-formed is answered 400 in the usual shape`(request: String) async throws {
        try await RunningGateway.with { gateway in
            let answer = try await gateway.raw(request)
            #expect(answer.status == 400)
            #expect(answer.codes == ["E_HTTP"])
            #expect(gateway.head.state.withLock { $0.submitted }.isEmpty)
            #expect(try await gateway.client.info().term == 3)
        }
    }

    // Case 50: ways out of the path.
    @Test(arguments: [
        "/v1/models/%2e%2e%2fx", "/v1/models/%252e%252e", "/v1/models/..", "/v1/./jobs", "/v1//jobs", "/v1/jobs/",
        "/v1/models/a;b",
        "/v1/models/a%00b", "/v1/models/%c0%ae", "/v1/models/a\\b", "/v1/models/" + String(repeating: "a", count: 600), "*",
        "/v1/models/é",
    ])
    func `a path that is not plain is refused`(path: String) async throws {
        try await RunningGateway.with { gateway in
            let answer = try await gateway.request("GET", path)
            #expect(answer.status == 400)
            #expect(answer.codes == ["E_PATH"] || answer.codes == ["E_HTTP"])
        }
    }

    // Case 51: the wrong type, none, and a packed body.
    @Test(arguments: [
        ["Content-Type: text/plain"], ["Content-Type: application/x-www-form-urlencoded"], [],
        ["Content-Type: application/json, text/html"],
        ["Content-Type: application/json", "Content-Encoding: gzip"],
    ])
    func `a body of another type is refused`(headers: [String]) async throws {
        try await RunningGateway.with { gateway in
            let answer = try await gateway.request("POST", "/v1/jobs", headers: headers, body: #"{"uid":"u","spec":"s"}"#)
            #expect(answer.status == 415)
            #expect(gateway.head.state.withLock { $0.submitted }.isEmpty)
        }
    }

    @Test func `a charset beside the type is let pass`() async throws {
        try await RunningGateway.with { gateway in
            let answer = try await gateway.request(
                "POST", "/v1/jobs", headers: ["Content-Type: Application/JSON; charset=utf-8"], body: #"{"uid":"u","spec":"s"}"#)
            #expect(answer.status == 201)
            #expect(answer.headers["location"] == "/v1/jobs/1")
        }
    }

    // Case 52, through the server; the guard's own tests have the rest.
    @Test(arguments: [
        (#"{"uid":"a","uid":"b","spec":""}"#, "E_JSON_KEY"), (#"{"uid":"a","spec":"","other":1}"#, "E_JSON_KEY"),
        (#"{"uid":1\#(String(repeating: "0", count: 400)),"spec":""}"#, "E_JSON_NUMBER"),
        (#"{"uid":"\ud800","spec":""}"#, "E_JSON_TEXT"),
        (#"{"uid":"a"}"#, "E_JSON_SHAPE"), (#"{"uid":1,"spec":""}"#, "E_JSON_SHAPE"),
        (#"{"uid":null,"spec":""}"#, "E_JSON_SHAPE"), ("", "E_JSON"),
    ])
    func `JSON that is not what it should be is refused`(body: String, code: String) async throws {
        try await RunningGateway.with { gateway in
            let answer = try await gateway.json("POST", "/v1/jobs", body)
            #expect(answer.status == 400)
            #expect(answer.codes == [code])
            #expect(answer.errors.allSatisfy { $0.place != nil || $0.code == "E_JSON_TEXT" })
            #expect(gateway.head.state.withLock { $0.submitted }.isEmpty)
        }
    }

    @Test func `JSON nested a hundred thousand deep is refused`() async throws {
        try await RunningGateway.with { gateway in
            let bare = try await gateway.json("POST", "/v1/jobs", String(repeating: "[", count: 100_000))
            #expect(bare.codes == ["E_JSON"])
            let nested = try await gateway.json("POST", "/v1/jobs", #"{"uid":"# + String(repeating: "[", count: 100_000))
            #expect(nested.codes == ["E_JSON_DEPTH"])
            #expect(gateway.head.state.withLock { $0.submitted }.isEmpty)
        }
    }

    // Case 56: limits and cursors.
    @Test(arguments: [
        "/v1/jobs?limit=-1", "/v1/jobs?limit=0", "/v1/jobs?limit=501", "/v1/jobs?limit=99999999999999999999",
        "/v1/jobs?limit=1e2",
        "/v1/jobs?limit=%31%30%30%30", "/v1/jobs?limit=", "/v1/jobs?before=0", "/v1/jobs?before=abc", "/v1/jobs?before=-5",
        "/v1/jobs/1/tasks?after=2147483648", "/v1/jobs/1/tasks?limit=1001", "/v1/models/m/drift?limit=0",
    ])
    func `a limit or cursor out of range is refused`(target: String) async throws {
        try await RunningGateway.with { gateway in
            let answer = try await gateway.request("GET", target)
            #expect(answer.status == 400)
            #expect(answer.codes == ["E_PARAMETER"])
        }
    }

    @Test(arguments: [
        "/v1/jobs?limti=1", "/v1/jobs?limit=1&limit=2", "/v1/jobs?limit=%zz", "/v1/jobs?limit=%ff", "/v1/jobs?&",
        "/v1/models?x=1",
    ])
    func `a query with other keys or a broken encoding is refused`(target: String) async throws {
        try await RunningGateway.with { gateway in
            let answer = try await gateway.request("GET", target)
            #expect(answer.status == 400)
            #expect(answer.codes == ["E_QUERY"])
        }
    }

    @Test(arguments: [
        "/v1/jobs/abc", "/v1/jobs/-1", "/v1/jobs/01", "/v1/jobs/99999999999999999999", "/v1/jobs/1.5",
        "/v1/jobs/1/trials/2147483648/report",
        "/v1/models/m/versions/x",
    ])
    func `a number in a path is plain digits within its range`(target: String) async throws {
        try await RunningGateway.with { gateway in
            let answer = try await gateway.request("GET", target)
            #expect(answer.status == 400)
            #expect(answer.codes == ["E_PARAMETER"])
        }
    }

    // Case 53: pages of strangers, and names that only resolve to this machine.
    @Test func `foreign hosts and origins are refused`() async throws {
        try await RunningGateway.with { gateway in
            for host in ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", "127.0.0.1:x", "[::1", ""] {
                let answer = try await gateway.raw("GET /v1/info HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n\r\n")
                #expect(answer.status == 403 || answer.status == 400, "\(host)")
            }
            for host in ["localhost", "127.0.0.1:9", "[::1]:80", "127.1.2.3", "LOCALHOST:1"] {
                let answer = try await gateway.raw("GET /v1/info HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n\r\n")
                #expect(answer.status == 200, "\(host)")
            }
            let body = #"{"uid":"u","spec":"s"}"#
            for origin in ["https://evil.example", "null", "file://"] {
                let answer = try await gateway.request(
                    "POST", "/v1/jobs", headers: ["Content-Type: application/json", "Origin: \(origin)"], body: body)
                #expect(answer.status == 403)
                #expect(answer.codes == ["E_ORIGIN"])
            }
            #expect(gateway.head.state.withLock { $0.submitted }.isEmpty)
        }
    }
}
