import MarketData
import Registry
import Scheduling
import Specs
import SwiftProtobuf
import Wire

/// A retrain: fit the champion's strategy on all but the held-out bars, then run champion and challenger on those.
struct RetrainPlan: JobPlan {
    let spec: RetrainSpec
    let champion: ModelVersion
    let bars: Int
    private(set) var lineage: Lineage
    private var challenger = ""
    private var failed = 0
    private var ended = 0

    private static let fit: Int32 = 0
    private static let compare: Int32 = 1

    init(spec: RetrainSpec, champion: ModelVersion, bars: Int, lineage: Lineage) {
        self.spec = spec
        self.champion = champion
        self.bars = bars
        self.lineage = lineage
    }

    let taskCount = 2
    var progress: PlanProgress { PlanProgress() }
    private var holdout: Range<Int> { (bars - spec.rule.holdout)..<bars }

    mutating func start(_: RecordedTrials) -> PlanStep { PlanStep(tasks: [.range(0..<1), .dependent(Self.compare, on: 0..<1)]) }

    mutating func ended(_ index: Int32, _ end: TaskEnd, result: ProtoTaskResult?, error: ErrorView?) -> PlanStep {
        ended += 1
        if end != .succeeded { failed += 1 }
        switch (index, end) {
        case (Self.fit, .succeeded):
            challenger = result?.fit.manifest ?? ""
            if let build = result?.fit.build { lineage.codeVersion = build }
            return PlanStep()
        case (Self.fit, _):
            return PlanStep(conclusion: PlanConclusion(result: summary([:]), error: error ?? Self.undecided))
        case (_, .succeeded) where ContentHash.isWellFormed(challenger):
            let metrics = (result?.compare.metrics ?? [:]).filter(\.value.isFinite)
            return PlanStep(conclusion: PlanConclusion(result: summary(metrics), registration: registration(metrics)))
        default:
            return PlanStep(conclusion: PlanConclusion(result: summary([:]), error: error ?? Self.undecided))
        }
    }

    func payload(of index: Int32, attempt: Int) -> ProtoTaskPayload {
        var payload = ProtoTaskPayload()
        if index == Self.fit {
            payload.fit = ProtoFitTask.with {
                $0.strategy = lineage.strategy
                $0.train = ProtoBarRange(0..<(bars - spec.rule.holdout))
                $0.seed = lineage.seed
            }
        } else {
            payload.compare = ProtoCompareTask.with {
                $0.models = [
                    .with { ($0.role, $0.manifest) = ("champion", champion.artifact) },
                    .with { ($0.role, $0.manifest) = ("challenger", challenger) },
                ]
                $0.holdout = ProtoBarRange(holdout)
            }
        }
        return payload
    }

    private static let undecided = ErrorView(code: "E_DECODE", message: "the retrain's results cannot be read")

    private func registration(_ metrics: [String: Double]) -> ModelRegistration {
        let own = metrics.filter { $0.key.hasPrefix("challenger.") }
        var named: [String: Double] = [:]
        for (name, value) in own { named[String(name.dropFirst("challenger.".count))] = value }
        var registration = ModelRegistration(model: spec.model, manifest: challenger, lineage: lineage, metrics: named)
        registration.gateValues = metrics
        registration.promotions = [.init(alias: "challenger", gate: nil)]
        if let promote = spec.rule.promote { registration.promotions.append(.init(alias: promote.alias, gate: promote.when)) }
        return registration
    }

    private func summary(_ metrics: [String: Double]) -> JobResult {
        let line = metrics.sorted { $0.key < $1.key }.map { "\($0.key) \(String($0.value.bitPattern, radix: 16))\n" }.joined()
        return JobResult(
            resultHash: ContentHash.sha256((challenger + "\n" + line).utf8), tasks: ended, failed: failed, metrics: metrics)
    }
}
