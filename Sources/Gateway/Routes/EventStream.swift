import Cluster
import Hummingbird
import NIOCore
import ServiceLifecycle

/// Server-sent events: one for each element of a stream, with heartbeats while it is silent, until it ends or the head shuts
/// down. What waits is bounded by the stream's own buffer; a reader that takes no bytes for the stall limit loses its connection.
enum EventStream {
    static func response<Element: Encodable & Sendable>(
        _ elements: AsyncStream<Element>, named name: String, _ context: GatewayContext, _ services: GatewayServices
    ) throws -> Response {
        guard services.followers.take() else { throw GatewayError.busy("too many event streams are open") }
        return Response(
            status: .ok, headers: [.contentType: "text/event-stream"],
            body: ResponseBody { writer in
                defer { services.followers.giveBack() }
                try await write(elements, named: name, context, services.configuration, to: &writer)
                try await writer.finish(nil)
            })
    }

    /// What one turn of the stream writes.
    private enum Part<Element: Sendable>: Sendable {
        case element(Element)
        case heartbeat
        case end
    }

    @concurrent private static func write<Element: Encodable & Sendable>(
        _ elements: AsyncStream<Element>, named name: String, _ context: GatewayContext, _ configuration: GatewayConfiguration,
        to writer: inout any ResponseBodyWriter
    ) async throws {
        let watch = WriteWatch()
        // One at a time: the next element is asked for when this one is written.
        let (turns, turn) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        // One element at most, and the heartbeats that come up before a stalled reader is dropped.
        let (parts, source) = AsyncStream.makeStream(of: Part<Element>.self, bufferingPolicy: .bufferingOldest(256))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                await withGracefulShutdownHandler {
                    var iterator = elements.makeAsyncIterator()
                    for await _ in turns {
                        guard let element = await iterator.next() else { break }
                        source.yield(.element(element))
                    }
                    source.yield(.end)
                } onGracefulShutdown: {
                    source.yield(.end)
                }
            }
            group.addTask {
                while true {
                    try await Task.sleep(for: configuration.heartbeat)
                    source.yield(.heartbeat)
                }
            }
            group.addTask { try await watch.guardAgainstStall(context, configuration) }
            defer { group.cancelAll() }
            turn.yield()
            for await part in parts {
                switch part {
                case .heartbeat: try await watch.write(ByteBuffer(string: ":\n\n"), to: &writer)
                case .element(let element):
                    try await watch.write(event(element, named: name), to: &writer)
                    turn.yield()
                case .end: return
                }
            }
        }
    }

    static func event(_ element: some Encodable, named name: String) throws -> ByteBuffer {
        var buffer = ByteBuffer(string: "event: \(name)\ndata: ")
        buffer.writeBytes(try APICoding.encode(element))
        buffer.writeString("\n\n")
        return buffer
    }
}
