import Search

/// Body of `POST /v1/studies`: a study that was run elsewhere.
package struct ImportRequest: Codable, Sendable, Hashable {
    /// As in `SubmitRequest`.
    package var uid: String
    /// A study whose objective is external, with as many trials as there are.
    package var spec: String
    /// In order of number.
    package var trials: [ImportedTrial]
    package init(uid: String, spec: String, trials: [ImportedTrial]) { (self.uid, self.spec, self.trials) = (uid, spec, trials) }
}

/// A trial that was run elsewhere: its point, and its metrics or why it has none.
package struct ImportedTrial: Codable, Sendable, Hashable {
    package var parameters: [String: ParameterView]
    package var metrics: [String: Double]?
    package var error: String?
    package init(parameters: [String: ParameterView], metrics: [String: Double]? = nil, error: String? = nil) {
        (self.parameters, self.metrics, self.error) = (parameters, metrics, error)
    }
}

extension ParameterView {
    var searchValue: ParameterValue {
        switch self {
        case .number(let number): .double(number)
        case .text(let text): .string(text)
        }
    }
}
