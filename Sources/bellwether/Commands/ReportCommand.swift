import ArgumentParser
import Backtest
import Cluster
import Foundation

/// `bellwether report`: the tear sheet.
struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Prints the out-of-sample tear sheet of a job's best trial, or of one trial.",
        discussion: """
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
        var trial: Int32
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
        let (job, report) = (material.job, material.report)
        let regression = try table.map { table throws(BacktestError) in
            try FactorRegression(returns: report.returns, times: report.times, table: table)
        }
        guard let html else {
            return try options.common.show(report) { ReportText.render(report, title: JobText.title(job), factors: regression) }
        }
        let page = try ReportPage.html(
            report, job: job, trials: material.trials, records: material.records, factors: regression)
        try OutputFile.write(Data(page.utf8), to: html)
        try options.common.show(View(job: report.job, trial: report.trial, output: html)) {
            "trial \(report.trial) of \(JobText.title(job)) written to \(Text.clean(html))"
        }
    }

    /// What the head knows for the sheet.
    private struct Material {
        let job: JobView
        let report: ReportView
        /// All trials, when they are shown.
        let trials: [TrialView]
        /// The out-of-sample returns of every trial that has them; none when there are too many trials.
        let records: [[Double]]

        /// The most trials whose records are asked for one by one.
        private static let mostRecords = 500

        init(command: ReportCommand, client: HeadClient) async throws {
            let number = command.argument.job
            job = try await client.job(number)
            report = try await client.report(of: number, trial: command.trial)
            trials = command.html == nil ? [] : try await client.trials(of: number)
            let scored = trials.filter { $0.objective != nil }
            var records: [[Double]] = []
            if (2...Self.mostRecords).contains(scored.count) {
                for trial in scored { records.append(try await client.report(of: number, trial: trial.number).returns) }
            }
            self.records = records
        }
    }
}
