import ArgumentParser
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

    @OptionGroup var options: HeadOptions

    func validate() throws {
        guard trial.map({ $0 >= 0 }) ?? true else { throw ValidationError("a trial's number is 0 or more") }
    }

    func run() async throws {
        guard let html else {
            let (job, report) = try await options.withHead {
                (try await $0.job(argument.job), try await $0.report(of: argument.job, trial: trial))
            }
            return try options.common.show(report) { ReportText.render(report, title: JobText.title(job)) }
        }
        let (job, text, shown) = try await options.withHead { try await page(of: argument.job, $0) }
        try OutputFile.write(Data(text.utf8), to: html)
        try options.common.show(View(job: job.id, trial: shown, output: html)) {
            "\(shown.map { "trial \($0) of " } ?? "")\(JobText.title(job)) written to \(Text.clean(html))"
        }
    }

    /// The page, and the trial whose tear sheet is on it.
    private func page(of id: Int64, _ client: HeadClient) async throws -> (JobView, String, Int32?) {
        let (job, trials) = (try await client.job(id), try await client.trials(of: id))
        let study = job.kind == "study" ? try await client.study(of: id) : nil
        do {
            let report = try await client.report(of: id, trial: trial)
            return (job, try ReportPage.html(report, job: job, trials: trials, study: study), report.trial)
        } catch let error as ClientError where error.code == "E_REPORT_UNKNOWN" && trial == nil {
            guard let study, !trials.isEmpty else { throw error }
            return (job, ReportPage.html(study, job: job, trials: trials), nil)
        }
    }
}
