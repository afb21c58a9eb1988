import Scheduling
import Search
import Specs

/// Studies that start from the trials of an older one.
extension Admission {
    /// Puts a number in the place of the older study's name. Throws `E_WARM_START` when there is no such study.
    func pinWarmStart(_ spec: inout JobSpec) throws {
        switch spec.body {
        case .study(var study):
            try pin(&study.search)
            spec.body = .study(study)
        case .commandStudy(var study):
            try pin(&study.search)
            spec.body = .commandStudy(study)
        default: break
        }
    }

    private func pin(_ search: inout SearchSpec) throws {
        guard let warmStart = search.warmStart, warmStart.job == nil, let name = warmStart.study else { return }
        guard let found = try stores.journal.job(named: name) else {
            throw ClusterError.warmStart("there is no job named \(name)")
        }
        search.warmStart?.job = found.record.id.rawValue
    }

    /// The completed trials of the older study that are points of `space` and have the metrics of `goals`, in their order.
    ///
    /// The older study has ended, so a head that starts again finds the same. Throws `E_WARM_START` when it has not, or when no
    /// trial fits.
    func knownTrials(_ warmStart: WarmStartSpec?, of space: SearchSpace, goals: Goals) throws -> [WarmStart.Known] {
        guard let warmStart, let number = warmStart.job else { return [] }
        let job = JobID(number)
        guard let summary = try stores.journal.job(job) else { throw ClusterError.warmStart("there is no job \(number)") }
        guard summary.end != nil else { throw ClusterError.warmStart("job \(number) has not ended") }
        let known = try stores.journal.trials(of: job).compactMap { record -> WarmStart.Known? in
            guard record.state == "succeeded",
                let parameters: [String: ParameterValue] = CanonicalJSON.decode(record.parameters),
                let point = warmStart.reading.point(parameters, in: space),
                case .values(let values, let violation) = goals.outcome(CanonicalJSON.decode(record.metrics) ?? [:])
            else { return nil }
            return WarmStart.Known(point: point, outcome: .values(values, violation: violation))
        }
        guard !known.isEmpty else {
            throw ClusterError.warmStart(
                "no trial of job \(number) is a point of this space with \(goals.metrics.joined(separator: ", "))")
        }
        return known
    }
}

extension SearchSpec {
    /// Takes back the number that a name was resolved to.
    mutating func unpinWarmStart() { if warmStart?.study != nil { warmStart?.job = nil } }
}

extension Study {
    init(_ search: SearchSpec, space: SearchSpace, goals: Goals, known: [WarmStart.Known]) {
        self.init(
            space: space, sampler: search.sampler.sampler(objectives: goals.objectives.count), trials: search.trials,
            seed: search.seed, parallelTrials: search.parallelTrials, direction: goals.objectives[0].direction,
            further: goals.furtherDirections, enqueued: search.enqueue, known: known, order: search.order)
    }
}
