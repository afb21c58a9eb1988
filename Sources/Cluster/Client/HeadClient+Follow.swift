import AsyncHTTPClient
import Diagnostics
import Foundation
import NIOCore
import NIOHTTP1

extension JobView {
    /// Whether the job is over and its view final.
    package var hasEnded: Bool { state != "running" }
}

extension HeadClient {
    /// The job's view whenever it has changed, until its end. A lost connection is made again; `onLost` is told once for
    /// each time that does not work at once, and only after `patience` without an answer does the stream throw
    /// `E_HEAD_UNREACHABLE`. Only the newest view waits to be read.
    package func follow(
        _ id: Int64, patience: Duration = .seconds(60), onLost: @escaping @Sendable (ClientError) -> Void = { _ in }
    ) -> AsyncThrowingStream<JobView, any Error> {
        AsyncThrowingStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
            let task = Task {
                do {
                    try await self.followUntilEnd(id, patience: patience, onLost: onLost) { continuation.yield($0) }
                    continuation.finish()
                } catch {
                    continuation.finish(throwing: error)
                }
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }

    private func followUntilEnd(
        _ id: Int64, patience: Duration, onLost: (ClientError) -> Void, yield: (JobView) -> Void
    ) async throws {
        let clock = ContinuousClock()
        var lastAnswer = clock.now
        var delay = Duration.milliseconds(100)
        var isTold = false
        while true {
            let lost = url
            do {
                let ended = try await followOnce(id) { view in
                    lastAnswer = clock.now
                    delay = .milliseconds(100)
                    isTold = false
                    yield(view)
                }
                if ended { return }
            } catch let error as ClientError where error.category == .unavailable {
                if clock.now - lastAnswer > patience { throw error }
                moveOn(from: lost)
                if !isTold { onLost(error) }
                isTold = true
            }
            try await Task.sleep(for: delay)
            delay = min(delay * 2, .seconds(2))
        }
    }

    /// Reads one connection's events; returns whether the job's end was among them.
    private func followOnce(_ id: Int64, yield: (JobView) -> Void) async throws -> Bool {
        try await readEvents("/v1/jobs/\(id)/events", named: "job", as: JobView.self) { view in
            yield(view)
            return view.hasEnded
        }
    }

    /// Reads one connection's events of one name until `take` returns true, which is what is returned, or the connection ends.
    func readEvents<Value: Decodable>(
        _ path: String, named name: String, as type: Value.Type, take: (Value) -> Bool
    ) async throws -> Bool {
        var request = HTTPClientRequest(url: url + path)
        request.headers.add(name: "accept", value: "text/event-stream")
        do {
            let response = try await http.execute(request, timeout: .seconds(30))
            guard response.status == .ok else {
                let body = Data((try await response.body.collect(upTo: 1 << 20)).readableBytesView)
                throw HeadClient.failure(body, status: Int(response.status.code), url: url)
            }
            var parser = EventStreamParser()
            for try await buffer in response.body {
                for event in try parser.feed(buffer.readableBytesView) where event.type == name {
                    guard let value = try? APICoding.decode(type, from: Data(event.data.utf8)) else {
                        throw ClientError.unreadable(url, status: 200, "an event holds no \(name)")
                    }
                    if take(value) { return true }
                }
            }
            return false
        } catch let error as ClientError {
            throw error
        } catch {
            try Task.checkCancellation()
            throw ClientError.unreachable(url, HeadClient.reason(error))
        }
    }
}
