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

/// How far a trial is. `running` turns into `completed` or `failed`, which are final, or into `pruned`, which a pruner that lets
/// it go on after all turns into one of them.
package enum TrialState: String, Sendable, Hashable, Codable, CaseIterable {
    case running, completed, failed, pruned
}

/// What a study is told about a trial.
package enum TrialOutcome: Sendable, Hashable {
    /// The objective. A value that is not finite counts as a failure, so that it can never be the best.
    case value(Double)
    /// One value for each objective and by how much the limits on results are broken. Anything else than that, finite, counts as a
    /// failure.
    case values([Double], violation: Double)
    case failed
    /// Ended early: what the objective is thought to be, from which samplers learn. It is never the best.
    case pruned(Double)
}

/// Which way the objective is better.
package enum Direction: String, Sendable, Hashable, Codable, CaseIterable {
    case maximize, minimize
}

extension TrialOutcome {
    /// The first objective of a trial that completed and keeps the limits on results.
    var objective: Double? {
        switch self {
        case .value(let value): value.isFinite ? value : nil
        case .values(let values, let violation): violation == 0 ? values.first.flatMap { $0.isFinite ? $0 : nil } : nil
        case .failed, .pruned: nil
        }
    }

    var isPruned: Bool {
        if case .pruned = self { true } else { false }
    }
}
