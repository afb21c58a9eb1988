package import Scheduling

/// What a user asks the cluster to do: a parsed and checked job spec.
package struct JobSpec: Sendable, Hashable {
    package var name: String
    /// Higher runs first.
    package var priority: Int32
    /// What each of the job's tasks asks for, and what will do as well, the earlier the better.
    package var resources: Resources
    package var alternatives: [Resources] = []
    /// What the labels of a worker must be so that it may run them.
    package var conditions: [LabelCondition] = []
    package var retry: RetryPolicy
    /// The longest run of one attempt; nil for no limit.
    package var timeoutMilliseconds: Int64?
    /// Codes of errors that no further attempt follows, besides those that workloads call final themselves.
    package var neverRetry: [String]
    package var scheduling: SchedulingSpec
    /// Free text for people and filters; never evaluated.
    package var labels: [String: String]
    /// Names of the jobs of the same set that this one waits for.
    package var dependsOn: [String]
    /// Whether windows that an earlier job has run may be taken from it.
    package var usesCache: Bool
    package var body: Body

    /// The kinds of job.
    package enum Body: Sendable, Hashable {
        case study(StudySpec)
        case backtest(BacktestSpec)
        case retrain(RetrainSpec)
        case drill(DrillSpec)
        case command(CommandSpec)
        /// A study whose objective is a program.
        case commandStudy(CommandStudySpec)
        case sweep(SweepSpec)
        case stress(StressSpec)
        case certify(CertifySpec)
        case nested(NestedSpec)
        case crossValidate(CrossValidateSpec)
    }

    /// The kinds by the names that specs use.
    package enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        case study, backtest, retrain, drill, command, sweep, stress, certify, nested, crossValidate
    }

    package init(
        name: String, priority: Int32 = 0, resources: Resources = JobSpec.defaultResources, retry: RetryPolicy = RetryPolicy(),
        timeoutMilliseconds: Int64? = nil, neverRetry: [String] = [], scheduling: SchedulingSpec = SchedulingSpec(),
        labels: [String: String] = [:], dependsOn: [String] = [], usesCache: Bool = true, body: Body
    ) {
        self.name = name
        self.priority = priority
        self.resources = resources
        self.retry = retry
        self.timeoutMilliseconds = timeoutMilliseconds
        self.neverRetry = neverRetry
        self.scheduling = scheduling
        self.labels = labels
        self.dependsOn = dependsOn
        self.usesCache = usesCache
        self.body = body
    }

    /// One core and 512 MiB.
    package static let defaultResources = Resources(milliCPU: 1_000, memory: 512 << 20)

    /// What its tasks need to run.
    package var demand: Demand { Demand([resources] + alternatives, conditions: conditions, gang: Int32(clamping: gang)) }

    /// How many of its tasks start together.
    package var gang: Int { if case .command(let command) = body { command.gang } else { 1 } }

    package var kind: Kind {
        switch body {
        case .study, .commandStudy: .study
        case .backtest: .backtest
        case .retrain: .retrain
        case .drill: .drill
        case .command: .command
        case .sweep: .sweep
        case .stress: .stress
        case .certify: .certify
        case .nested: .nested
        case .crossValidate: .crossValidate
        }
    }

    /// The files that come with the job's program; none for other jobs.
    package var files: [CommandFile] {
        get {
            switch body {
            case .command(let command): command.program.files
            case .commandStudy(let study): study.program.files
            default: []
            }
        }
        set {
            switch body {
            case .command(var command):
                command.program.files = newValue
                body = .command(command)
            case .commandStudy(var study):
                study.program.files = newValue
                body = .commandStudy(study)
            default: break
            }
        }
    }

    /// The job that retrains the model which this study registers: the same dataset by name, so that newer data is found.
    /// nil when the spec has no `then.retrain`.
    package var retrainJob: JobSpec? {
        guard case .study(let study) = body, let model = study.then.register, let rule = study.then.retrain else { return nil }
        var spec = self
        // Names have a limit, and the model's name alone may reach it.
        spec.name = String(model.prefix(56)) + "-retrain"
        spec.dependsOn = []
        spec.body = .retrain(
            RetrainSpec(
                model: model, dataset: DatasetReference(name: study.dataset.name), version: nil, costs: study.costs,
                limits: study.limits, sizing: study.sizing, instruments: study.instruments, rule: rule))
        return spec
    }
}
