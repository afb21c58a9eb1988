package import Diagnostics

/// What can be wrong with a search space or with what a study is told.
package struct SearchError: DiagnosticError, Hashable {
    package let code: String
    package let message: String
    /// The parameter at fault, nil when it is the space as a whole.
    package let parameter: String?
    package let hint: String?

    package init(code: String, message: String, parameter: String? = nil, hint: String? = nil) {
        self.code = code
        self.message = message
        self.parameter = parameter
        self.hint = hint
    }

    package var place: Place? { parameter.map(Place.key) }
    package var category: DiagnosticCategory { .input }
}
