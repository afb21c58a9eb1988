import Cluster
import HTTPTypes
import Hummingbird
import NIOCore
import Scheduling
import ServiceLifecycle

/// Follows one job as server-sent events.
///
/// The stream begins with the job as it is, continues with every change and ends with the job's end, or when the head shuts
/// down. Only the newest change waits to be sent, so a slow reader costs nothing; one that takes no bytes for the stall
/// limit loses its connection.
enum JobEvents {
    static func follow(_ request: Request, _ context: GatewayContext, _ services: GatewayServices) async throws -> Response {
        let id = try context.jobID()
        _ = try Query(request.uri.query, keys: [])
        // Asked for before the first look, so that no change falls between the two.
        let changes = services.head.follow(id)
        return try await stream(of: Routes.view(of: id, services), changes, context, services)
    }

    /// The stream of a job that is `first` now and changes by `changes`, which were asked for before or right after that.
    static func stream(
        of first: JobView, _ changes: AsyncStream<JobView>, _ context: GatewayContext, _ services: GatewayServices
    ) throws -> Response {
        guard services.followers.take() else { throw GatewayError.busy("too many event streams are open") }
        return Response(
            status: .ok, headers: [.contentType: "text/event-stream"],
            body: ResponseBody { writer in
                defer { services.followers.giveBack() }
                try await write(first, changes, context, services, to: &writer)
                try await writer.finish(nil)
            })
    }

    /// What one turn of the stream writes.
    private enum Part: Sendable {
        case change(JobView)
        case heartbeat
    }

    @concurrent private static func write(
        _ first: JobView, _ changes: AsyncStream<JobView>, _ context: GatewayContext, _ services: GatewayServices,
        to writer: inout any ResponseBodyWriter
    ) async throws {
        let watch = WriteWatch()
        let configuration = services.configuration
        let (parts, source) = AsyncStream.makeStream(of: Part.self, bufferingPolicy: .bufferingNewest(1))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                await withGracefulShutdownHandler {
                    for await view in changes { source.yield(.change(view)) }
                    source.finish()
                } onGracefulShutdown: {
                    source.finish()
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
            var last = first
            try await watch.write(event(first), to: &writer)
            for await part in parts where !last.hasEnded {
                switch part {
                case .heartbeat: try await watch.write(ByteBuffer(string: ":\n\n"), to: &writer)
                case .change(let view) where view != last:
                    last = view
                    try await watch.write(event(view), to: &writer)
                case .change: continue
                }
            }
            guard !last.hasEnded else { return }
            // The stream of changes may end without the end itself when the job was over before it began.
            let end = try await Routes.view(of: JobID(first.id), services)
            if end != last { try await watch.write(event(end), to: &writer) }
        }
    }

    private static func event(_ view: JobView) throws -> ByteBuffer { try EventStream.event(view, named: "job") }
}
