/// A job as the HTTP API shows it.
package struct JobView: Codable, Sendable, Hashable {
    package var id: Int64
    package var uid: String
    package var name: String
    package var kind: String
    /// `running`, `succeeded`, `failed` or `cancelled`.
    package var state: String
    package var priority: Int32
    package var specHash: String
    /// SHA-256 of the dataset it reads.
    package var dataset: String?
    /// SHA-256 of what the dataset's name stands for by now, when that is other content than the job reads.
    package var newerDataset: String?
    /// Milliseconds since 1970.
    package var submittedAt: Int64
    package var endedAt: Int64?
    package var progress: ProgressView?
    /// Whether a user paused it.
    package var paused: Bool?
    /// What the job came to; nil while it runs.
    package var result: JobResult?
    package var error: ErrorView?

    package init(
        id: Int64, uid: String, name: String, kind: String, state: String, priority: Int32, specHash: String, dataset: String?,
        submittedAt: Int64, endedAt: Int64? = nil, progress: ProgressView? = nil, result: JobResult? = nil,
        error: ErrorView? = nil
    ) {
        self.id = id
        self.uid = uid
        self.name = name
        self.kind = kind
        self.state = state
        self.priority = priority
        self.specHash = specHash
        self.dataset = dataset
        self.submittedAt = submittedAt
        self.endedAt = endedAt
        self.progress = progress
        self.result = result
        self.error = error
    }
}

/// How far a running job is.
package struct ProgressView: Codable, Sendable, Hashable {
    /// Tasks of the whole plan, as far as it is known.
    package var tasks: Int
    package var finished: Int
    package var failed: Int
    /// On workers: running there or next in line.
    package var assigned: Int
    package var trials: Int?
    package var trialsFinished: Int?
    /// The objective's best value so far.
    package var best: Double?
    /// The share of the work that is done, when running tasks tell how far they are.
    package var fraction: Double?
    /// How probable each sampler of a portfolio is to propose the next trial.
    package var samplers: [String: Double]?

    package init(
        tasks: Int, finished: Int, failed: Int, assigned: Int, trials: Int? = nil, trialsFinished: Int? = nil,
        best: Double? = nil,
        fraction: Double? = nil, samplers: [String: Double]? = nil
    ) {
        self.tasks = tasks
        self.finished = finished
        self.failed = failed
        self.assigned = assigned
        self.trials = trials
        self.trialsFinished = trialsFinished
        self.best = best
        self.fraction = fraction
        self.samplers = samplers
    }
}

/// What a job came to. Stored as JSON with the job's end, so that it reads the same for ever.
package struct JobResult: Codable, Sendable, Hashable {
    /// SHA-256 over the results in order of plan: the same for the same spec, data and seed, whoever ran it.
    package var resultHash: String
    package var tasks: Int
    package var failed: Int
    /// A study's best trials, best first, at most 20.
    package var leaderboard: [TrialView]?
    /// With several objectives the trials that no other one beats, at most 100, and the volume they dominate up to the worst values
    /// of the study.
    package var front: [TrialView]?
    package var hypervolume: Double?
    /// Deflated Sharpe ratio of the best trial, and how many trials it accounts for.
    package var deflatedSharpe: Double?
    package var trialsCounted: Int?
    /// How many of those were on record for the dataset before this study.
    package var earlierTrials: Int?
    /// The version registered by this job.
    package var model: String?
    package var version: Int64?
    /// The promotion gate, if the spec has one.
    package var gate: GateView?
    /// Metrics of a backtest, or of a retrain's comparison (`champion.sharpe`, `challenger.sharpe`).
    package var metrics: [String: Double]?
    /// What a stress test's shocks came to, in their order.
    package var scenarios: [ScenarioView]?
    /// What a certification found, of each series and kind the nearest; empty when nothing looks ahead.
    package var leaks: [LeakView]?
    /// What a nested study chose, window by window.
    package var chosen: [ChosenView]?
    /// The backtest paths of a cross-validation, in order.
    package var paths: [PathView]?
    /// Windows that did not have to run because an earlier job had run them.
    package var cached: Int?
    /// The task whose run a report of the job shows, where it is none of a study's trials.
    package var report: Int32?

    package init(
        resultHash: String, tasks: Int, failed: Int, leaderboard: [TrialView]? = nil, deflatedSharpe: Double? = nil,
        trialsCounted: Int? = nil, earlierTrials: Int? = nil, model: String? = nil, version: Int64? = nil, gate: GateView? = nil,
        metrics: [String: Double]? = nil
    ) {
        self.resultHash = resultHash
        self.tasks = tasks
        self.failed = failed
        self.leaderboard = leaderboard
        self.deflatedSharpe = deflatedSharpe
        self.trialsCounted = trialsCounted
        self.earlierTrials = earlierTrials
        self.model = model
        self.version = version
        self.gate = gate
        self.metrics = metrics
    }
}

/// What a promotion gate decided, and on what.
package struct GateView: Codable, Sendable, Hashable {
    package var expression: String
    package var passed: Bool
    package var values: [String: Double]
    package var alias: String
    package init(expression: String, passed: Bool, values: [String: Double], alias: String) {
        self.expression = expression
        self.passed = passed
        self.values = values
        self.alias = alias
    }
}

/// A trial as the HTTP API shows it.
package struct TrialView: Codable, Sendable, Hashable {
    package var number: Int32
    /// `running`, `succeeded`, `failed` or `cancelled`.
    package var state: String
    package var parameters: [String: ParameterView]
    package var objective: Double?
    /// With several objectives all of them.
    package var objectives: [Double]?
    /// By how much it breaks the limits on results, in a study that has some.
    package var violation: Double?
    package var metrics: [String: Double]
    /// Why it failed, when it did.
    package var error: ErrorView?
    package init(
        number: Int32, state: String, parameters: [String: ParameterView], objective: Double?, objectives: [Double]? = nil,
        violation: Double? = nil, metrics: [String: Double], error: ErrorView? = nil
    ) {
        self.number = number
        self.state = state
        self.parameters = parameters
        self.objective = objective
        self.objectives = objectives
        self.violation = violation
        self.metrics = metrics
        self.error = error
    }
}

/// A parameter's value: a JSON number or string.
package enum ParameterView: Codable, Sendable, Hashable, CustomStringConvertible {
    case number(Double)
    case text(String)

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else {
            self = .text(try container.decode(String.self))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .number(let number): try container.encode(number)
        case .text(let text): try container.encode(text)
        }
    }

    package var description: String {
        switch self {
        case .number(let number): "\(number)"
        case .text(let text): text
        }
    }
}

/// An ended task as the HTTP API shows it.
package struct TaskView: Codable, Sendable, Hashable {
    package var index: Int32
    /// `succeeded`, `failed`, `quarantined` or `cancelled`.
    package var state: String
    /// `TERM.NUMBER` of the attempt that decided it.
    package var attempt: String?
    package var worker: String
    package var ranMicroseconds: Int64
    package var error: ErrorView?
    /// What a command reported and left behind.
    package var metrics: [String: Double]?
    package var artifacts: [OutputFileView]?
    package init(
        index: Int32, state: String, attempt: String?, worker: String, ranMicroseconds: Int64, error: ErrorView?,
        metrics: [String: Double]? = nil, artifacts: [OutputFileView]? = nil
    ) {
        self.index = index
        self.state = state
        self.attempt = attempt
        self.worker = worker
        self.ranMicroseconds = ranMicroseconds
        self.error = error
        self.metrics = metrics
        self.artifacts = artifacts
    }
}
