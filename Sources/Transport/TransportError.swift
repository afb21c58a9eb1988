package import Diagnostics

/// A socket that cannot be made, bound or connected.
package struct TransportError: DiagnosticError {
    private enum Code: String {
        case bind = "E_BIND"
        case loopback = "E_BIND_LOOPBACK"
        case connect = "E_CONNECT"
        case socket = "E_SOCKET"
    }

    private let kind: Code
    package let message: String
    package let hint: String?
    package var code: String { kind.rawValue }
    package var category: DiagnosticCategory { kind == .loopback ? .refused : .unavailable }

    static func bind(_ endpoint: String, _ cause: String) -> TransportError {
        TransportError(
            kind: .bind, message: "cannot listen on \(endpoint): \(cause)", hint: "choose a free port, or stop who has it")
    }

    static func connect(_ endpoint: String, _ cause: String) -> TransportError {
        TransportError(
            kind: .connect, message: "cannot connect to \(endpoint): \(cause)",
            hint: "an endpoint looks like tcp://127.0.0.1:7701")
    }

    static func socket(_ what: String, _ cause: String) -> TransportError {
        TransportError(kind: .socket, message: "\(what) failed: \(cause)", hint: nil)
    }

    /// Without keys anyone who reaches the port may run tasks, so only this machine may reach it.
    package static func loopback(_ endpoint: String) -> TransportError {
        TransportError(
            kind: .loopback, message: "\(endpoint) is not a loopback address, and connections are not authenticated yet",
            hint: "listen on tcp://127.0.0.1:PORT")
    }
}
