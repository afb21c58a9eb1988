import Backtest
import Scheduling
import Search
import Specs
import Wire

/// Looks back at a study, open or ended, from what the journal keeps of its trials. Blocks on the store.
struct StudyReader {
    let journal: any JobQueries

    /// The most trials whose out-of-sample records are compared. Of more, every so-manieth that succeeded is taken, and the best.
    static let recordLimit = 1_000
    private static let contourParameters = 3
    private static let contourSize = 20

    /// Nil for a job that is no study. Throws `E_JOB_UNKNOWN`.
    func study(_ job: JobID) throws -> StudyView? {
        guard let summary = try journal.job(job) else { throw ClusterError.jobUnknown(job) }
        guard summary.record.kind == "study", let (space, goals) = try search(of: summary.record) else {
            return nil
        }
        let (direction, objective) = (goals.objectives[0].direction, goals.objectives[0].metric)
        let records = try journal.trials(of: job)
        let table = TrialTable(space: space, trials: judged(records, goals).map(Trial.init), direction: direction)
        let counted = records.count + summary.record.earlierTrials
        let sharpes = Sharpes(records, trials: counted)
        let best = table.best.flatMap { record(of: table.numbers[$0], in: records) }
        var view = StudyView(
            job: job.rawValue, state: summary.end?.state ?? "running", direction: direction.rawValue, objective: objective,
            trials: records.count, succeeded: records.count { $0.objective != nil }, trialsCounted: counted,
            earlierTrials: summary.record.earlierTrials,
            best: best.map { TrialView($0) }, deflatedSharpe: best.flatMap(sharpes.deflated),
            parameters: space.parameters.map(SearchedView.init))
        if goals.objectives.count > 1 {
            view.further = goals.objectives.dropFirst().map {
                ObjectiveView(metric: $0.metric, direction: $0.direction.rawValue)
            }
        }
        if let best { view.overfitting = try overfitting(of: job, records, best: best) }
        guard let forest = RegressionForest(table) else { return view }
        let bestTenth = PEDANOVA.importances(of: table)
        let variance = FunctionalANOVA.importances(of: forest, dimensions: table.axes.count)
        for place in view.parameters.indices {
            (view.parameters[place].bestTenth, view.parameters[place].variance) = (bestTenth[place], variance[place])
        }
        view.plateau = plateau(table, forest, records, direction, sharpes)
        view.contours = contours(of: view.parameters, forest, direction)
        return view
    }

    /// The trials that keep the limits on results, if any does, and all of them otherwise.
    private func judged(_ records: [TrialRecord], _ goals: Goals) -> [TrialRecord] {
        guard !goals.limits.isEmpty else { return records }
        let kept = records.filter { record in
            guard record.objective != nil, let metrics: [String: Double] = CanonicalJSON.decode(record.metrics),
                case .values(_, violation: 0) = goals.outcome(metrics)
            else { return false }
            return true
        }
        return kept.isEmpty ? records : kept
    }

    /// Of the numeric parameters that mattered most every pair.
    private func contours(of parameters: [SearchedView], _ forest: RegressionForest, _ direction: Direction) -> [ContourView] {
        func weight(_ place: Int) -> Double { max(parameters[place].bestTenth ?? 0, parameters[place].variance ?? 0) }
        let ranked = parameters.indices.filter { parameters[$0].choices == nil }.sorted { (-weight($0), $0) < (-weight($1), $1) }
        let places = ranked.prefix(Self.contourParameters)
        return places.indices.flatMap { one in
            places[(one + 1)...].map { other in
                let (first, second) = (places[one], other)
                let losses = PartialDependence.grid(
                    forest, dimensions: parameters.count, first: first, second: second, size: Self.contourSize)
                return ContourView(
                    first: parameters[first].name, second: parameters[second].name, size: Self.contourSize,
                    objectives: direction == .minimize ? losses : losses.map { -$0 })
            }
        }
    }

    private func search(of record: JobRecord) throws -> (SearchSpace, Goals)? {
        switch try JobSpec.parse(text: record.spec, file: nil).body {
        case .study(let study): (try study.searchSpace(), study.goals)
        case .commandStudy(let study):
            (try study.searchSpace(), study.goals)
        default: nil
        }
    }

    private func record(of number: Int, in records: [TrialRecord]) -> TrialRecord? {
        records.first { Int($0.number) == number }
    }

    private func plateau(
        _ table: TrialTable, _ forest: RegressionForest, _ records: [TrialRecord], _ direction: Direction, _ sharpes: Sharpes
    ) -> PlateauView? {
        let plateau = Plateau(table: table, forest: forest)
        guard let best = table.best, let robust = plateau.mostRobust(),
            let trial = record(of: table.numbers[robust.index], in: records)
        else { return nil }
        func objective(_ loss: Double) -> Double { direction == .minimize ? loss : -loss }
        let falls = Plateau.distances.map {
            FallView(distance: $0, objective: objective(plateau.meanLoss(around: best, within: $0)))
        }
        let sorted = table.losses.sorted()
        let typical = (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
        return PlateauView(
            typical: objective(typical), falls: falls, robust: TrialView(trial), robustObjective: objective(robust.meanLoss),
            bestObjective: objective(plateau.meanLoss(around: best, within: Plateau.robustDistance)),
            robustDistance: Plateau.robustDistance, robustDeflatedSharpe: sharpes.deflated(trial))
    }

    /// Nil when trials have no out-of-sample record, or too short a one.
    private func overfitting(of job: JobID, _ records: [TrialRecord], best: TrialRecord) throws -> OverfittingView? {
        let known = records.filter { $0.objective != nil }
        let reader = ReportReader(journal: journal)
        guard known.count > 1, let stride = try reader.stride(of: job) else { return nil }
        let step = (known.count + Self.recordLimit - 1) / Self.recordLimit
        var returns: [[Double]] = []
        for (place, record) in known.enumerated() where place % step == 0 || record.number == best.number {
            guard let stitch = try reader.stitch(of: job, trial: record.number, stride: stride) else { continue }
            returns.append(stitch.returns)
        }
        let blocks = 16
        guard let found = try? OverfittingProbability(returns: returns, blocks: blocks) else { return nil }
        return OverfittingView(
            probability: found.probability, lossProbability: found.lossProbability, trials: returns.count, blocks: blocks)
    }

    /// What the deflated Sharpe ratio of a trial is measured against.
    private struct Sharpes {
        let metrics: [Int32: [String: Double]]
        let trials: Int

        init(_ records: [TrialRecord], trials: Int) {
            metrics = Dictionary(
                records.filter { $0.objective != nil }.map { ($0.number, CanonicalJSON.decode($0.metrics) ?? [:]) },
                uniquingKeysWith: { first, _ in first })
            self.trials = trials
        }

        func deflated(_ trial: TrialRecord) -> Double? {
            metrics[trial.number].flatMap {
                TrialScore.deflatedSharpe(
                    of: $0, among: metrics.sorted { $0.key < $1.key }.map(\.value), trials: trials)
            }
        }
    }
}

extension Trial {
    fileprivate init(_ record: TrialRecord) {
        self.init(
            number: Int(record.number), parameters: CanonicalJSON.decode(record.parameters) ?? [:],
            state: record.objective == nil ? .failed : .completed, value: record.objective)
    }
}

extension SearchedView {
    fileprivate init(_ parameter: SearchSpace.Parameter) {
        switch parameter.distribution {
        case .float(let low, let high, let log, let step):
            self.init(name: parameter.name, scale: log ? "log" : "linear", low: low, high: high)
            self.step = step
        case .int(let low, let high, let log, let step):
            self.init(name: parameter.name, scale: log ? "log" : "linear", low: Double(low), high: Double(high))
            (self.step, isWhole) = (Double(step), true)
        case .categorical(let choices), .ordinal(let choices):
            self.init(
                name: parameter.name, scale: "choice",
                choices: choices.map { choice in choice.number.map(ParameterView.number) ?? .text(choice.description) })
        }
    }
}
