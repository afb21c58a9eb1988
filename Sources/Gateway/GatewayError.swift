package import Diagnostics
import HTTPTypes

/// What the HTTP API itself refuses, before or instead of asking the head.
package struct GatewayError: DiagnosticError {
    package let code: String
    package let message: String
    package let place: Place?
    package let hint: String?
    package let category: DiagnosticCategory
    let status: HTTPResponse.Status
    /// Sent with the answer.
    let headers: HTTPFields

    init(
        _ code: String, _ status: HTTPResponse.Status, _ message: String, place: Place? = nil, hint: String? = nil,
        category: DiagnosticCategory = .input, headers: HTTPFields = [:]
    ) {
        self.code = code
        self.status = status
        self.message = message
        self.place = place
        self.hint = hint
        self.category = category
        self.headers = headers
    }

    static func loopbackOnly(_ host: String) -> GatewayError {
        GatewayError(
            "E_BIND_LOOPBACK", .forbidden, "the HTTP API listens on this machine only, not on '\(printable(host))'",
            hint: "use 127.0.0.1, ::1 or localhost; keys, and other addresses with them, come later", category: .refused)
    }

    static func cannotBind(_ host: String, _ port: Int, _ reason: String) -> GatewayError {
        GatewayError(
            "E_BIND", .serviceUnavailable, "the HTTP API cannot listen on \(host):\(port): \(reason)",
            hint: "choose another port, or 0 for any free one", category: .unavailable)
    }

    static func unknown(_ what: String, _ name: String) -> GatewayError {
        GatewayError("E_\(what.uppercased())_UNKNOWN", .notFound, "there is no \(what) \(printable(name))")
    }

    static func parameter(_ name: String, _ value: String, _ rule: String) -> GatewayError {
        GatewayError("E_PARAMETER", .badRequest, "\(name) is '\(printable(value))', but it is \(rule)", place: .key("/\(name)"))
    }

    static func busy(_ what: String) -> GatewayError {
        GatewayError(
            "E_BUSY", .serviceUnavailable, "\(what); nothing was done", hint: "try again soon", category: .unavailable,
            headers: [.retryAfter: "1"])
    }

    static func bodyTooLarge(_ limit: Int) -> GatewayError {
        GatewayError("E_BODY_TOO_LARGE", .contentTooLarge, "the body has more than \(limit) bytes")
    }

    /// Outside text for a message: at most 80 characters, control and non-ASCII characters escaped.
    static func printable(_ text: String) -> String {
        text.unicodeScalars.prefix(80).map {
            (0x20..<0x7F).contains($0.value) ? String($0) : "\\u{\(String($0.value, radix: 16))}"
        }.joined()
    }
}
