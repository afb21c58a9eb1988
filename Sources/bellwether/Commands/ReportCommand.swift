import ArgumentParser
import Cluster

/// `bellwether report`: the tear sheet.
struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Prints the out-of-sample tear sheet of a job's best trial, or of one trial.",
        discussion: """
            EXAMPLES
              bellwether report 3
              bellwether report 3 --trial 17
              bellwether report 3 --json > report.json
            """)

    @OptionGroup var argument: JobArgument

    @Option(help: "The trial's number; the best one by default.")
    var trial: Int32?

    @OptionGroup var options: HeadOptions

    func validate() throws {
        guard trial.map({ $0 >= 0 }) ?? true else { throw ValidationError("a trial's number is 0 or more") }
    }

    func run() async throws {
        let (job, report) = try await options.withHead {
            (try await $0.job(argument.job), try await $0.report(of: argument.job, trial: trial))
        }
        try options.common.show(report) { ReportText.render(report, title: JobText.title(job)) }
    }
}
