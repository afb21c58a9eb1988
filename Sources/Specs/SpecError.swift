package import Diagnostics

/// One mistake in a job spec, with the position in the text and the key.
package struct SpecError: DiagnosticError, Hashable {
    package let code: String
    package let message: String
    /// File, line and column; nil for a mistake found outside a text.
    package let place: Place?
    /// The key at fault as a JSON pointer, such as `/search/trials`; empty for the document as a whole.
    package let pointer: String
    package let hint: String?
    package let category: DiagnosticCategory

    package init(
        _ code: String, _ message: String, place: Place? = nil, pointer: String = "", hint: String? = nil,
        category: DiagnosticCategory = .input
    ) {
        self.code = code
        self.message = message
        self.place = place
        self.pointer = pointer
        self.hint = hint
        self.category = category
    }

    /// `file:line:column: code: message [/key]` and the hint on a line of its own.
    package var description: String {
        let start = place.map { "\($0): " } ?? ""
        return start + "\(code): \(message)" + (pointer.isEmpty ? "" : " [\(pointer)]") + (hint.map { "\n  hint: \($0)" } ?? "")
    }
}

/// All mistakes found in a spec, in the order of the text; at least one.
///
/// As a diagnostic it speaks for the first one and says how many follow; `description` prints all.
package struct SpecErrors: DiagnosticError, Hashable {
    package let errors: [SpecError]
    /// Whether the limit was reached, so that there may be more.
    package let isTruncated: Bool

    /// The most mistakes that are collected.
    package static let limit = 20

    package init(_ first: SpecError, _ others: [SpecError] = []) {
        errors = Array(([first] + others).prefix(Self.limit))
        isTruncated = others.count >= Self.limit
    }

    private var first: SpecError { errors[0] }
    package var code: String { first.code }
    package var message: String { first.message + (errors.count > 1 ? " (and \(errors.count - 1) more)" : "") }
    package var place: Place? { first.place ?? (first.pointer.isEmpty ? nil : .key(first.pointer)) }
    package var hint: String? { first.hint }
    package var category: DiagnosticCategory { first.category }

    package var description: String {
        errors.map(\.description).joined(separator: "\n")
            + (isTruncated ? "\nonly the first \(Self.limit) mistakes are shown" : "")
    }
}
