package import Diagnostics

/// What a head answered instead of a result, or that it did not answer.
package struct ClientError: DiagnosticError {
    /// At least one.
    package var errors: [ErrorView]
    /// The HTTP status, nil when there was no answer.
    package var status: Int?
    package var category: DiagnosticCategory

    /// The errors of an answer with `status`; an answer without errors becomes one `E_HEAD_ANSWER`.
    package init(errors: [ErrorView], status: Int) {
        self.errors =
            errors.isEmpty
            ? [ErrorView(code: "E_HEAD_ANSWER", message: "the head answered \(status) without saying why")] : errors
        self.status = status
        self.category = ClientError.category(of: status, code: self.errors[0].code)
    }

    private init(_ error: ErrorView, status: Int?, category: DiagnosticCategory) {
        self.errors = [error]
        self.status = status
        self.category = category
    }

    /// `E_HEAD_UNREACHABLE`: nobody answers at `url`.
    package static func unreachable(_ url: String, _ reason: String) -> ClientError {
        ClientError(
            ErrorView(
                code: "E_HEAD_UNREACHABLE", message: "the head at \(url) does not answer: \(reason)",
                hint: "start one with bellwether-head, or name another with --head URL or BELLWETHER_HEAD"),
            status: nil, category: .unavailable)
    }

    /// `E_HEAD_ANSWER`: something answers at `url`, but not as a head does.
    package static func unreadable(_ url: String, status: Int, _ reason: String) -> ClientError {
        ClientError(
            ErrorView(
                code: "E_HEAD_ANSWER", message: "\(url) answered \(status), but not as a head does: \(reason)",
                hint: "check that --head names the HTTP address of a bellwether-head of this version"),
            status: status, category: .unavailable)
    }

    /// `E_HEAD_URL`: the address of the head is not one.
    package static func badURL(_ url: String) -> ClientError {
        ClientError(
            ErrorView(
                code: "E_HEAD_URL", message: "'\(url)' is not the address of a head",
                hint: "an address looks like http://127.0.0.1:8400"),
            status: nil, category: .input)
    }

    /// Whose move it is after an answer with this HTTP status and first code.
    private static func category(of status: Int, code: String) -> DiagnosticCategory {
        switch status {
        // A key that is taken is the caller's to change; other conflicts are with the state of things.
        case 409 where code.hasSuffix("_CONFLICT"): .input
        case 401, 403, 409: .refused
        case 400..<500: .input
        case 500: .integrity
        default: .unavailable
        }
    }

    package var code: String { errors.first?.code ?? "E_HEAD_ANSWER" }
    package var message: String { errors.first?.message ?? "" }
    package var place: Place? { errors.first?.place.map { .file($0) } }
    package var hint: String? { errors.first?.hint }

    /// All errors, one after the other, each as `place: code: message` with its hint below.
    package var description: String { errors.map(\.description).joined(separator: "\n") }
}

extension ErrorView: CustomStringConvertible {
    /// `place: code: message` and the hint on a line of its own, as `DiagnosticError` prints.
    package var description: String {
        var text = place.map { "\($0): " } ?? ""
        text += "\(code): \(message)"
        if let hint { text += "\n  hint: \(hint)" }
        return text
    }
}
