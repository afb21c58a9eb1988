import Cluster
import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Gives the answer to bytes that are not HTTP the same shape as every other error.
///
/// The server answers those with a bare 400 and closes; no route answers 400 without a body, so the bare one is known.
final class MalformedRequestHandler: ChannelOutboundHandler, RemovableChannelHandler {
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard case .head(var head) = unwrapOutboundIn(data), head.status == .badRequest, head.headerFields[.contentLength] == "0",
            let body = try? APICoding.encode(
                ErrorsView(errors: [ErrorView(code: "E_HTTP", message: "the request is not well-formed HTTP/1.1")]))
        else { return context.write(data, promise: promise) }
        head.headerFields[.contentType] = "application/json"
        head.headerFields[.contentLength] = "\(body.count)"
        head.headerFields[.xContentTypeOptions] = "nosniff"
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(ByteBuffer(bytes: body))), promise: promise)
    }
}
