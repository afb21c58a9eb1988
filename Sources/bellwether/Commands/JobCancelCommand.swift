import ArgumentParser
import Cluster

/// `bellwether job cancel`.
struct JobCancelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel", abstract: "Cancels a job; what it has finished stays.",
        discussion: """
            EXAMPLES
              bellwether job cancel 3
            """)

    @OptionGroup var argument: JobArgument
    @OptionGroup var options: HeadOptions

    func run() async throws {
        let job = try await options.withHead { try await $0.cancel(argument.job) }
        try options.common.show(job) { "job \(job.id) \(job.state == "running" ? "is being cancelled" : job.state)" }
    }
}
