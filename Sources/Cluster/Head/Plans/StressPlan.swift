import Backtest
import Registry
import Scheduling
import Search
import Specs
import SwiftProtobuf
import Wire

/// A stress test: one task for the market as it was, and one for each shock and draw.
struct StressPlan: JobPlan {
    private let spec: StressSpec
    private let scenarios: [StressSpec.Scenario]
    private let bars: Int
    private var tally = TaskTally()
    private var scores: [TrialScore?]

    init(_ spec: StressSpec, bars: Int) {
        self.spec = spec
        self.bars = bars
        scenarios = spec.scenarios
        scores = Array(repeating: nil, count: scenarios.count + 1)
    }

    var taskCount: Int { scores.count }
    var progress: PlanProgress { PlanProgress() }

    mutating func start(_: RecordedTrials) -> PlanStep { PlanStep(tasks: [.range(0..<Int32(taskCount))]) }

    mutating func ended(_ index: Int32, _ end: TaskEnd, result: ProtoTaskResult?, error: ErrorView?) -> PlanStep {
        guard scores.indices.contains(Int(index)) else { return PlanStep() }
        do throws(ErrorView) {
            guard end == .succeeded, let stitch = result?.stitch else { throw error ?? Self.noResult }
            scores[Int(index)] = try TrialScore(stitch, goals: Goals(MetricName.totalReturn.rawValue, .maximize))
            tally.count(end, error: nil)
        } catch {
            tally.count(end, error: error)
        }
        guard tally.ended == taskCount else { return PlanStep() }
        return PlanStep(conclusion: PlanConclusion(result: summary(), error: tally.failure))
    }

    func payload(of index: Int32, attempt: Int) -> ProtoTaskPayload {
        .with {
            $0.run = .with {
                $0.parameters = "{}"
                $0.range = ProtoBarRange(0..<bars)
                $0.scenario = index
            }
        }
    }

    private static let noResult = ErrorView(code: "E_METRIC_MISSING", message: "a run came without a result")

    private func summary() -> JobResult {
        let hash = ContentHash.sha256(scores.map { $0?.digest ?? "failed" }.joined(separator: "\n").utf8)
        var result = JobResult(resultHash: hash, tasks: tally.ended, failed: tally.failed)
        guard tally.failed == 0, let base = scores[0] else { return result }
        result.report = 0
        let baseSharpe = base.metrics["sharpe"] ?? .nan
        var views: [ScenarioView] = []
        var place = 1
        while place < scores.count {
            let shock = scenarios[place - 1].shock
            let drawn = (place..<scores.count).prefix { scenarios[$0 - 1].shock == shock && scenarios[$0 - 1].draw == $0 - place }
            views.append(view(of: shock, scores[place..<place + drawn.count].compactMap { $0 }, baseSharpe: baseSharpe))
            place += drawn.count
        }
        result.scenarios = [view(named: "as it was", [base], scores: [])] + views
        var metrics = base.metrics
        metrics["recovered"] = nil
        metrics["resilience"] = 100 * views.reduce(0) { $0 + ($1.score ?? 0) } / Double(views.count)
        result.metrics = metrics
        return result
    }

    private func view(of shock: Shock, _ drawn: [TrialScore], baseSharpe: Double) -> ScenarioView {
        let measured = drawn.map { score in
            ShockMeasure(
                sharpe: score.metrics["sharpe"] ?? .nan, maxDrawdown: score.metrics["maxDrawdown"] ?? 0,
                recovered: score.metrics["recovered"] ?? 0
            ).score(baseSharpe: baseSharpe, drawdownLimit: spec.drawdownLimit)
        }
        return view(named: shock.name, drawn, scores: measured)
    }

    private func view(named name: String, _ drawn: [TrialScore], scores: [Double]) -> ScenarioView {
        func mean(_ values: [Double]) -> Double? { values.isEmpty ? nil : values.reduce(0, +) / Double(values.count) }
        return ScenarioView(
            name: name, draws: drawn.count, score: mean(scores), leastScore: scores.min(),
            sharpe: mean(drawn.compactMap { $0.metrics["sharpe"] }),
            totalReturn: mean(drawn.compactMap { $0.metrics["totalReturn"] }),
            deepestDrawdown: drawn.compactMap { $0.metrics["maxDrawdown"] }.min())
    }
}
