import ArgumentParser
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

    @OptionGroup var options: HeadOptions

    func validate() throws {
        guard trial.map({ $0 >= 0 }) ?? true else { throw ValidationError("a trial's number is 0 or more") }
    }

    func run() async throws {
        let (job, report, trials) = try await options.withHead {
            (
                try await $0.job(argument.job), try await $0.report(of: argument.job, trial: trial),
                html == nil ? [] : try await $0.trials(of: argument.job)
            )
        }
        guard let html else {
            return try options.common.show(report) { ReportText.render(report, title: JobText.title(job)) }
        }
        try OutputFile.write(Data(ReportPage.html(report, job: job, trials: trials).utf8), to: html)
        try options.common.show(View(job: report.job, trial: report.trial, output: html)) {
            "trial \(report.trial) of \(JobText.title(job)) written to \(Text.clean(html))"
        }
    }
}
