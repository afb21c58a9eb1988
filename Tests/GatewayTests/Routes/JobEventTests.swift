import Cluster
import Foundation
import Gateway
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1))) struct JobEventTests {
    @Test func `following yields the changes and ends with the job`() async throws {
        try await RunningGateway.with { gateway in
            gateway.head.state.withLock { $0.jobs = [FakeHead.job(1)] }
            var seen: [String] = []
            for try await view in gateway.client.follow(1) {
                seen.append(view.state + (view.progress == nil ? "" : "+"))
                switch seen.count {
                case 1:
                    var moved = FakeHead.job(1)
                    moved.progress = ProgressView(tasks: 2, finished: 1, failed: 0, assigned: 1)
                    gateway.head.change(moved)
                case 2: gateway.head.change(FakeHead.job(1, state: "succeeded"))
                default: break
                }
            }
            #expect(seen == ["running", "running+", "succeeded"])
        }
    }

    @Test func `a job that is over is told at once`() async throws {
        try await RunningGateway.with { gateway in
            gateway.head.state.withLock { $0.jobs = [FakeHead.job(1, state: "failed")] }
            var seen: [String] = []
            for try await view in gateway.client.follow(1) { seen.append(view.state) }
            #expect(seen == ["failed"])
        }
    }

    @Test func `following an unknown job fails and does not retry`() async throws {
        try await RunningGateway.with { gateway in
            let error = await #expect(throws: ClientError.self) { for try await _ in gateway.client.follow(4) {} }
            #expect(error?.code == "E_JOB_UNKNOWN")
        }
    }

    @Test func `heartbeats keep a quiet stream alive`() async throws {
        try await RunningGateway.with({ $0.heartbeat = .milliseconds(20) }) { gateway in
            gateway.head.state.withLock { $0.jobs = [FakeHead.job(1)] }
            let port = gateway.port
            let text = try await RawConnection.onThread {
                let connection = try RawConnection(port: port)
                try connection.send(Array("GET /v1/jobs/1/events HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8))
                var text = ""
                while text.components(separatedBy: ":\n\n").count < 4 {
                    text += String(decoding: try connection.receive(), as: UTF8.self)
                }
                return text
            }
            #expect(text.lowercased().contains("content-type: text/event-stream"))
            #expect(text.contains("event: job\ndata: {"))
        }
    }

    @Test func `a client that never reads is dropped`() async throws {
        try await RunningGateway.with({ $0.stall = .milliseconds(200) }) { gateway in
            gateway.head.state.withLock { $0.jobs = [FakeHead.job(1)] }
            let port = gateway.port
            let connection = try await RawConnection.onThread {
                let connection = try RawConnection(port: port, receiveBuffer: 4096)
                try connection.send(Array("GET /v1/jobs/1/events HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8))
                return UncheckedBox(connection)
            }
            // Far more than the buffers of both ends take, in changes that all differ.
            let feed = Task {
                var number = 0
                while !Task.isCancelled {
                    number += 1
                    gateway.head.change(FakeHead.job(1, name: "\(number)" + String(repeating: "x", count: 1 << 20)))
                    await Task.yield()
                }
            }
            await gateway.head.waitForEndedStream()
            feed.cancel()
            await feed.value
            withExtendedLifetime(connection) {}
            // The head goes on answering others.
            #expect(try await gateway.client.info().term == 3)
        }
    }

    @Test func `a graceful shutdown ends open streams`() async throws {
        try await RunningGateway.with { gateway in
            gateway.head.state.withLock { $0.jobs = [FakeHead.job(1)] }
            let port = gateway.port
            _ = try await RawConnection.onThread {
                let connection = try RawConnection(port: port)
                try connection.send(Array("GET /v1/jobs/1/events HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8))
                return try connection.receive().count
            }
            // `with` returns only when the server has ended although the job has not.
        }
    }

    @Test func `too many streams are refused`() async throws {
        try await RunningGateway.with({ $0.followers = 1 }) { gateway in
            gateway.head.state.withLock { $0.jobs = [FakeHead.job(1)] }
            let port = gateway.port
            let answer = try await RawConnection.onThread {
                let first = try RawConnection(port: port)
                try first.send(Array("GET /v1/jobs/1/events HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8))
                _ = try first.receive()
                let second = try RawConnection(port: port)
                try second.send(Array("GET /v1/jobs/1/events HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8))
                return try second.answer()
            }
            #expect(answer.status == 503)
            #expect(answer.codes == ["E_BUSY"])
        }
    }
}

/// Carries a connection out of the thread that made it; because only one side touches it at a time.
private final class UncheckedBox<Value>: @unchecked Sendable {
    let value: Value
    init(_ value: Value) { self.value = value }
}
