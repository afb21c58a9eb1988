import Diagnostics
import Foundation
import HTTPTypes
import Hummingbird

/// Refuses requests by their head, before any route sees them.
struct RequestRules: RouterMiddleware {
    typealias Context = GatewayContext

    func handle(
        _ request: Request, context: GatewayContext, next: @concurrent (Request, GatewayContext) async throws -> Response
    ) async throws -> Response {
        try RequestRules.check(request.head)
        return try await next(request, context)
    }

    static func check(_ head: HTTPRequest) throws {
        guard let authority = head.authority, Loopback.isAuthority(authority) else {
            throw GatewayError(
                "E_HOST", .forbidden,
                "the Host header '\(GatewayError.printable(head.authority ?? ""))' does not name this machine",
                hint: "use 127.0.0.1 or localhost", category: .refused)
        }
        if let origin = head.headerFields[.origin] {
            let host = origin.range(of: "://").map { String(origin[$0.upperBound...]) }
            guard let host, Loopback.isAuthority(host) else {
                throw GatewayError(
                    "E_ORIGIN", .forbidden, "a page of '\(GatewayError.printable(origin))' may not call this API",
                    category: .refused)
            }
        }
        if let encoding = head.headerFields[.contentEncoding], encoding.lowercased() != "identity" {
            throw GatewayError(
                "E_CONTENT_ENCODING", .unsupportedMediaType,
                "bodies are taken as they are, not as '\(GatewayError.printable(encoding))'")
        }
        try checkPath(head.path ?? "")
    }

    /// Every name in a path is plain ASCII, so nothing needs percent-encoding and nothing that needs it is let in; dot
    /// segments and empty ones neither.
    private static func checkPath(_ target: String) throws {
        let path = target.prefix { $0 != "?" }
        let isPlain = path.utf8.first == UInt8(ascii: "/") && path.utf8.count <= 512 && path.utf8.allSatisfy(isAllowed)
        let segments = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        let isPath = segments == [""] || segments.allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." }
        guard isPlain, isPath else {
            throw GatewayError(
                "E_PATH", .badRequest, "'\(GatewayError.printable(target))' is not a path of this API",
                hint: "paths are plain: letters, digits and - . _ ~ between single slashes")
        }
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: "/"):
            true
        default: false
        }
    }
}
