import Diagnostics

/// Another module's mistake, with the key below a cursor that it is about.
struct PlacedError: DiagnosticError {
    let code: String
    let message: String
    let place: Place?
    let hint: String?
    let category = DiagnosticCategory.input

    init(_ code: String, _ message: String, key: String?, hint: String?) {
        self.code = code
        self.message = message
        place = key.map { .key($0) }
        self.hint = hint
    }
}
