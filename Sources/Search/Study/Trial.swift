/// One point of the search space that a study tries out.
package struct Trial: Sendable, Hashable, Codable {
    /// Counts from 0 in the order of suggestion.
    package var number: Int
    package var parameters: [String: ParameterValue]
    package var state: TrialState
    /// The objective, nil unless the trial completed. Always finite.
    package var value: Double?
    package init(number: Int, parameters: [String: ParameterValue], state: TrialState = .running, value: Double? = nil) {
        self.number = number
        self.parameters = parameters
        self.state = state
        self.value = value
    }
}

/// How far a trial is. `running` turns into `completed` or `failed`, which are final, or into `pruned`, which a pruner that lets
/// it go on after all turns into one of them.
package enum TrialState: String, Sendable, Hashable, Codable, CaseIterable {
    case running, completed, failed, pruned
}

/// What a study is told about a trial.
package enum TrialOutcome: Sendable, Hashable {
    /// The objective. A value that is not finite counts as a failure, so that it can never be the best.
    case value(Double)
    case failed
    /// Ended early: what the objective is thought to be, from which samplers learn. It is never the best.
    case pruned(Double)
}

/// Which way the objective is better.
package enum Direction: String, Sendable, Hashable, Codable, CaseIterable {
    case maximize, minimize
}

extension TrialOutcome {
    var isFinite: Bool {
        switch self {
        case .value(let value), .pruned(let value): value.isFinite
        case .failed: true
        }
    }
}
