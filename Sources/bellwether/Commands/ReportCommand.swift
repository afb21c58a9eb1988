import ArgumentParser
import Backtest
import Cluster
import Foundation

/// `bellwether report`: the tear sheet.
struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Prints the out-of-sample tear sheet of a job's best trial, or of one trial.",
        discussion: """
            The HTML file of a study also shows how it went: history, parallel coordinates,
            importance, slices and contours. A study of a program has that alone.

            EXAMPLES
              bellwether report 3
              bellwether report 3 --trial 17
              bellwether report 3 --html report.html
              bellwether report 3 --factors ff3-monthly.csv
              bellwether report 3 --json > report.json
            """)

    /// What `--json` prints when the sheet goes to a file.
    private struct View: Encodable {
        var job: Int64
        var trial: Int32?
        var output: String
    }

    @OptionGroup var argument: JobArgument

    @Option(help: "The trial's number; the best one by default.")
    var trial: Int32?

    @Option(
        help: ArgumentHelp("Write the sheet to an HTML file that needs no other, with charts.", valueName: "file"),
        completion: .file())
    var html: String?

    @Option(
        help: ArgumentHelp(
            "Monthly returns of factors to regress the record on, a CSV file as in Kenneth French's data library.",
            valueName: "file"),
        completion: .file(extensions: ["csv"]))
    var factors: String?

    @OptionGroup var options: HeadOptions

    func validate() throws {
        guard trial.map({ $0 >= 0 }) ?? true else { throw ValidationError("a trial's number is 0 or more") }
    }

    func run() async throws {
        let table = try factors.map(FactorFile.read)
        let material = try await options.withHead { try await Material(command: self, client: $0) }
        let job = material.job
        let regression = try table.flatMap { table throws(BacktestError) in
            try material.report.map { report throws(BacktestError) in
                try FactorRegression(returns: report.returns, times: report.times, table: table)
            }
        }
        guard let html else {
            guard let report = material.report else { return }
            return try options.common.show(report) { ReportText.render(report, title: JobText.title(job), factors: regression) }
        }
        let page = try material.page(factors: regression)
        try OutputFile.write(Data(page.utf8), to: html)
        let shown = material.report?.trial
        try options.common.show(View(job: job.id, trial: shown, output: html)) {
            "\(shown.map { "trial \($0) of " } ?? "")\(JobText.title(job)) written to \(Text.clean(html))"
        }
    }

    /// What the head knows for the report.
    private struct Material {
        let job: JobView
        /// Nil for the page of a study whose trials have no out-of-sample record.
        let report: ReportView?
        /// The study and all its trials, when they are shown.
        let study: StudyView?
        let trials: [TrialView]
        /// The out-of-sample returns of every trial that has them; none when there are too many trials.
        private(set) var records: [[Double]] = []

        /// The most trials whose records are asked for one by one.
        private static let mostRecords = 500

        init(command: ReportCommand, client: HeadClient) async throws {
            let number = command.argument.job
            job = try await client.job(number)
            trials = command.html == nil ? [] : try await client.trials(of: number)
            study = command.html != nil && job.kind == "study" ? try await client.study(of: number) : nil
            do {
                report = try await client.report(of: number, trial: command.trial)
            } catch let error as ClientError where error.code == "E_REPORT_UNKNOWN" && command.trial == nil {
                guard study != nil, !trials.isEmpty else { throw error }
                report = nil
            }
            let scored = trials.filter { $0.objective != nil }
            guard report != nil, (2...Self.mostRecords).contains(scored.count) else { return }
            for trial in scored { records.append(try await client.report(of: number, trial: trial.number).returns) }
        }

        func page(factors: FactorRegression?) throws -> String {
            if let report {
                return try ReportPage.html(report, job: job, trials: trials, records: records, study: study, factors: factors)
            }
            return study.map { ReportPage.html($0, job: job, trials: trials) } ?? ""
        }
    }
}
