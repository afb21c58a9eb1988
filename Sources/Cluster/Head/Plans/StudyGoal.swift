import MarketData
import Registry
import Search
import Specs
import Statistics
import SwiftProtobuf
import Wire

/// What a study is for: what counts as best, and what happens with the best.
struct StudyGoal: Sendable {
    /// False for a backtest, which is a study of one trial without a leaderboard.
    let isStudy: Bool
    let goals: Goals
    /// Nil for a backtest, whose numbers are fixed.
    let strategy: StrategySpec?
    let then: StudySpec.Then
    let datasetHash: String
    let specHash: String
    let codeVersion: String
    let job: Int64
    /// The model's retrain job as canonical JSON, if the spec has one.
    let retrainSpec: String?
    /// Trials that the dataset had seen before this study. They count for what the best is worth and not for what it is: no result
    /// hash knows them.
    var earlierTrials = 0

    /// Only a strategy with a model has something to register.
    var registersModel: Bool {
        guard then.register != nil, case .model? = strategy else { return false }
        return true
    }

    func fitTask(_ best: Trial, bars: Int, seed: UInt64) -> ProtoFitTask {
        ProtoFitTask.with {
            $0.strategy = resolved(best)
            $0.train = ProtoBarRange(0..<bars)
            $0.seed = TaskSeed.fit(study: seed)
        }
    }

    func registration(
        of best: Trial, fit: ProtoFitResult, metrics: [String: Double], deflatedSharpe: Double?, trials: Int, seed: UInt64
    ) -> ModelRegistration? {
        guard let model = then.register else { return nil }
        var values = metrics
        values["deflatedSharpe"] = deflatedSharpe
        let lineage = Lineage(
            datasetHash: datasetHash, specHash: specHash, codeVersion: fit.build ?? codeVersion, seed: seed,
            trialCount: Int64(trials),
            parent: nil,
            job: job, strategy: resolved(best))
        var registration = ModelRegistration(model: model, manifest: fit.manifest, lineage: lineage, metrics: values)
        if let promote = then.promote { registration.promotions.append(.init(alias: promote.alias, gate: promote.when)) }
        registration.retrainSpec = retrainSpec
        return registration
    }

    private func resolved(_ best: Trial) -> String { (try? strategy?.resolved(best.parameters).canonicalJSON) ?? "" }
}

/// Seeds of tasks, derived from the study's so that no worker has a say in them.
enum TaskSeed {
    static func window(study: UInt64, trial: Int, window: Int) -> UInt64 {
        Seed.derive(study, 1, UInt64(truncatingIfNeeded: trial), UInt64(truncatingIfNeeded: window))
    }

    static func fit(study: UInt64) -> UInt64 { Seed.derive(study, 2) }
}

extension ProtoFitResult {
    /// The build that fitted the model, if the worker said so.
    var build: String? { codeVersion.isEmpty ? nil : String(codeVersion.prefix(64)) }
}

extension ProtoBarRange {
    init(_ range: Range<Int>) {
        self.init()
        start = Int64(range.lowerBound)
        end = Int64(range.upperBound)
    }
}
