/// An error that a person or a program outside can act on: a stable code, one sentence, the place and a hint.
///
/// Every module's error struct conforms, so that the command line, the HTTP API and the logs print all of them alike.
package protocol DiagnosticError: Error, Sendable, CustomStringConvertible {
    /// The stable name of the mistake, such as `E_CSV_HEADER`. Never reused for another meaning.
    var code: String { get }
    /// One sentence without a final line break that says what is wrong, with the values that are wrong.
    var message: String { get }
    /// Where it is, when it has a place.
    var place: Place? { get }
    /// What to do about it, when that is known.
    var hint: String? { get }
    /// Whose move it is; decides the exit code and the HTTP status.
    var category: DiagnosticCategory { get }
}

extension DiagnosticError {
    package var place: Place? { nil }
    package var hint: String? { nil }

    /// `place: code: message (hint)`, the form compilers use and editors can jump to.
    package var description: String {
        var text = place.map { "\($0): " } ?? ""
        text += "\(code): \(message)"
        if let hint { text += "\n  hint: \(hint)" }
        return text
    }
}
