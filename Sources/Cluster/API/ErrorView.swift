package import Diagnostics

/// Every error the HTTP API answers with, in one shape.
package struct ErrorView: Codable, Sendable, Hashable, Error {
    package var code: String
    package var message: String
    /// `file:line:column`, a JSON pointer, a row or an offset, when the error has a place.
    package var place: String?
    package var hint: String?
    package init(code: String, message: String, place: String? = nil, hint: String? = nil) {
        self.code = code
        self.message = message
        self.place = place
        self.hint = hint
    }

    package init(_ error: any DiagnosticError) {
        self.init(code: error.code, message: error.message, place: error.place?.description, hint: error.hint)
    }
}

/// The body of every answer that is not a success: at least one error.
package struct ErrorsView: Codable, Sendable, Hashable {
    package var errors: [ErrorView]
    package init(errors: [ErrorView]) { self.errors = errors }
}
