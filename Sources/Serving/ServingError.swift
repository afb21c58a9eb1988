package import Diagnostics

/// What a serving node answers instead of a prediction.
package struct ServingError: DiagnosticError {
    package let code: String
    package let message: String
    package let place: Place?
    package let hint: String?
    package let category: DiagnosticCategory

    init(
        _ code: String, _ message: String, place: Place? = nil, hint: String? = nil, category: DiagnosticCategory = .input
    ) {
        self.code = code
        self.message = message
        self.place = place
        self.hint = hint
        self.category = category
    }

    /// The request is not the JSON that the protocol asks for.
    static func json(_ what: String, at offset: Int) -> ServingError {
        ServingError("E_INFER_JSON", "the request \(what)", place: .offset(offset), hint: "see the Open Inference Protocol v2")
    }

    /// The request is well-formed, but not for this model.
    static func input(_ what: String, key: String) -> ServingError { ServingError("E_INFER_INPUT", what, place: .key(key)) }

    static func unknownModel(_ name: String) -> ServingError {
        ServingError("E_MODEL_UNKNOWN", "this node does not serve a model named \(name.prefix(64))")
    }

    static func notReady(_ model: String) -> ServingError {
        ServingError(
            "E_NOT_READY", "no version of \(model) is loaded yet",
            hint: "promote one: bellwether models promote \(model) VERSION",
            category: .unavailable)
    }
}
