import Backtest
import Cluster

/// A job's report as an HTML file.
enum ReportPage {
    /// The tear sheet of a trial, and the study it was picked from. `trials` are all trials of the job, `records` the returns of those
    /// that have them. Throws `E_RETURNS_NOT_FINITE` for a record that cannot be measured again.
    static func html(
        _ report: ReportView, job: JobView, trials: [TrialView], records: [[Double]] = [], study: StudyView? = nil,
        factors: FactorRegression? = nil
    ) throws -> String {
        var sheet = try report.sheet(title: job.kind == "study" ? "\(job.name), trial \(report.trial)" : job.name)
        if job.kind == "study" { sheet.trialSharpes = trials.map { $0.metrics["sharpe"] ?? .nan } }
        if records.count > 1 { sheet.effective = try? DeflatedSharpe(returns: records) }
        sheet.factors = factors
        sheet.study = study?.sheet(title: job.name, trials: trials)
        sheet.facts = parameters(report.parameters) + facts(job)
        return sheet.html()
    }

    /// A study whose trials have no out-of-sample record.
    static func html(_ study: StudyView, job: JobView, trials: [TrialView]) -> String {
        var sheet = study.sheet(title: job.name, trials: trials)
        sheet.facts = parameters(study.best?.parameters ?? [:]) + facts(job)
        return sheet.html()
    }

    private static func parameters(_ parameters: [String: ParameterView]) -> [(name: String, value: String)] {
        parameters.sorted { $0.key < $1.key }.map { (name: $0.key, value: TrialText.parameter($0.value)) }
    }

    private static func facts(_ job: JobView) -> [(name: String, value: String)] {
        var facts: [(name: String, value: String)] = [
            ("job", "\(job.id), \(job.kind), submitted \(Text.time(job.submittedAt)) UTC"), ("spec, SHA-256", job.specHash),
        ]
        if let dataset = job.dataset { facts.append(("dataset, SHA-256", dataset)) }
        if let result = job.result { facts.append(("result hash", result.resultHash)) }
        return facts
    }
}
