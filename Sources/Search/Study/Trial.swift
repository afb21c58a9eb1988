/// One point of the search space that a study tries out.
package struct Trial: Sendable, Hashable, Codable {
    /// Counts from 0 in the order of suggestion.
    package var number: Int
    package var parameters: [String: ParameterValue]
    package var state: TrialState
    /// The first objective, nil unless the trial completed. Always finite.
    package var value: Double?
    /// All objectives; empty unless the trial completed.
    package var values: [Double] = []
    /// By how much it breaks the limits on results; 0 when it keeps them.
    package var violation = 0.0
    package init(number: Int, parameters: [String: ParameterValue], state: TrialState = .running, value: Double? = nil) {
        self.number = number
        self.parameters = parameters
        self.state = state
        self.value = value
        values = value.map { [$0] } ?? []
    }
}

/// How far a trial is. `running` turns into `completed` or `failed` and both are final.
package enum TrialState: String, Sendable, Hashable, Codable, CaseIterable {
    case running, completed, failed
}

/// What a study is told about a trial.
package enum TrialOutcome: Sendable, Hashable {
    /// The objective. A value that is not finite counts as a failure, so that it can never be the best.
    case value(Double)
    /// One value for each objective and by how much the limits on results are broken. Anything else than that, finite, counts as a
    /// failure.
    case values([Double], violation: Double)
    case failed
}

/// Which way the objective is better.
package enum Direction: String, Sendable, Hashable, Codable, CaseIterable {
    case maximize, minimize
}
