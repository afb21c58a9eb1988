import Scheduling

/// Body of `POST /v1/jobs/{id}/trials/ask`.
package struct AskRequest: Codable, Sendable, Hashable {
    /// What the program calls itself, for people; up to 64 characters.
    package var holder: String?
    /// How many trials it takes at most, 1 by default.
    package var count: Int?
    package init(holder: String? = nil, count: Int? = nil) { (self.holder, self.count) = (holder, count) }

    package static let countLimit = 1_024
    package static let holderLimit = 64
}

/// What a program outside is given to do.
package struct AskView: Codable, Sendable, Hashable {
    /// None when all that are open are with others, or the study is paused or over: `state` says which.
    package var trials: [AskedTrial]
    /// The job's: `running`, `succeeded`, `failed` or `cancelled`.
    package var state: String
    /// How long the trials are its own without a sign of life.
    package var leaseMilliseconds: Int64
    package init(trials: [AskedTrial], state: String, leaseMilliseconds: Int64) {
        (self.trials, self.state, self.leaseMilliseconds) = (trials, state, leaseMilliseconds)
    }
}

/// A trial to be evaluated, and the attempt under which its result counts.
package struct AskedTrial: Codable, Sendable, Hashable {
    package var number: Int32
    /// `TERM.NUMBER`.
    package var attempt: String
    package var parameters: [String: ParameterView]
    package init(number: Int32, attempt: String, parameters: [String: ParameterView]) {
        (self.number, self.attempt, self.parameters) = (number, attempt, parameters)
    }
}

/// Body of `POST /v1/jobs/{id}/trials/tell`.
package struct TellRequest: Codable, Sendable, Hashable {
    package var tells: [Tell]
    package init(tells: [Tell]) { self.tells = tells }
}

/// What came of a trial: its metrics, why it failed, or, with neither, that it goes on and its lease is to begin anew.
package struct Tell: Codable, Sendable, Hashable {
    package var number: Int32
    package var attempt: String
    package var metrics: [String: Double]?
    package var error: String?
    package init(number: Int32, attempt: String, metrics: [String: Double]? = nil, error: String? = nil) {
        (self.number, self.attempt, self.metrics, self.error) = (number, attempt, metrics, error)
    }
}

/// What was taken of what was told.
package struct TellView: Codable, Sendable, Hashable {
    package var taken: Int
    /// Those that changed nothing, with why.
    package var refused: [RefusedTell]
    package init(taken: Int, refused: [RefusedTell]) { (self.taken, self.refused) = (taken, refused) }
}

package struct RefusedTell: Codable, Sendable, Hashable {
    package var number: Int32
    package var error: ErrorView
    package init(number: Int32, error: ErrorView) { (self.number, self.error) = (number, error) }
}

extension Attempt {
    /// Reads `TERM.NUMBER`.
    init?(text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let term = Int64(parts[0]), let number = Int64(parts[1]), term >= 0, number >= 0 else {
            return nil
        }
        self.init(term: term, number: number)
    }
}
