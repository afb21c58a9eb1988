import Backtest
import Cluster

/// A tear sheet as an HTML file.
enum ReportPage {
    /// `trials` are all trials of the job, `records` the returns of those that have them. Throws `E_RETURNS_NOT_FINITE` for a
    /// record that cannot be measured again.
    static func html(
        _ report: ReportView, job: JobView, trials: [TrialView], records: [[Double]] = [], factors: FactorRegression? = nil
    ) throws -> String {
        var sheet = try report.sheet(title: job.kind == "study" ? "\(job.name), trial \(report.trial)" : job.name)
        if job.kind == "study" { sheet.trialSharpes = trials.map { $0.metrics["sharpe"] ?? .nan } }
        if records.count > 1 { sheet.effective = try? DeflatedSharpe(returns: records) }
        sheet.factors = factors
        sheet.facts = facts(report, job)
        return sheet.html()
    }

    private static func facts(_ report: ReportView, _ job: JobView) -> [(name: String, value: String)] {
        var facts = report.parameters.sorted { $0.key < $1.key }.map {
            (name: $0.key, value: TrialText.parameter($0.value))
        }
        facts += [
            ("job", "\(job.id), \(job.kind), submitted \(Text.time(job.submittedAt)) UTC"), ("spec, SHA-256", job.specHash),
        ]
        if let dataset = job.dataset { facts.append(("dataset, SHA-256", dataset)) }
        if let result = job.result { facts.append(("result hash", result.resultHash)) }
        return facts
    }
}
