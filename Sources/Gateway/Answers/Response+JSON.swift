import Cluster
import HTTPTypes
import Hummingbird
import NIOCore

extension Response {
    /// An answer with `value` as JSON.
    static func json(_ value: some Encodable, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]) -> Response {
        var headers = headers
        headers[.contentType] = "application/json"
        // Views encode whatever they hold; should one fail, the answer says so in the usual shape.
        guard let data = try? APICoding.encode(value) else {
            return Response(
                status: .internalServerError, headers: [.contentType: "application/json"],
                body: .init(
                    byteBuffer: ByteBuffer(string: #"{"errors":[{"code":"E_INTERNAL","message":"the answer has no JSON form"}]}"#)
                ))
        }
        return Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: data)))
    }
}
