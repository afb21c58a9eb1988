package import Diagnostics

/// What can be wrong with names, artifacts, versions and promotions.
package struct RegistryError: DiagnosticError, Hashable {
    package var code: String
    package var message: String
    package var place: Place?
    package var hint: String?
    package var category: DiagnosticCategory
    package init(_ code: String, _ message: String, place: Place? = nil, hint: String? = nil, category: DiagnosticCategory) {
        self.code = code
        self.message = message
        self.place = place
        self.hint = hint
        self.category = category
    }
}

extension RegistryError {
    /// `E_PROMOTE_VERSION`: the version does not exist, so no alias can name it.
    package static func unknownVersion(_ version: Int64, of model: String) -> RegistryError {
        RegistryError(
            "E_PROMOTE_VERSION", "model \(model) has no version \(version)",
            hint: "list the versions with: bellwether models show \(model)", category: .input)
    }
}
