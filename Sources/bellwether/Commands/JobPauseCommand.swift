import ArgumentParser
import Cluster

/// `bellwether job pause`.
struct JobPauseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause", abstract: "Lets no further task of a job start; what runs goes on.",
        discussion: """
            EXAMPLES
              bellwether job pause 3
              bellwether job resume 3
            """)

    @OptionGroup var argument: JobArgument
    @OptionGroup var options: HeadOptions

    func run() async throws {
        let job = try await options.withHead { try await $0.pause(argument.job) }
        try options.common.show(job) { "job \(job.id) \(job.state == "running" ? "is paused" : job.state)" }
    }
}

/// `bellwether job resume`.
struct JobResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "Lets a paused job go on.",
        discussion: """
            EXAMPLES
              bellwether job resume 3
            """)

    @OptionGroup var argument: JobArgument
    @OptionGroup var options: HeadOptions

    func run() async throws {
        let job = try await options.withHead { try await $0.resume(argument.job) }
        try options.common.show(job) { "job \(job.id) \(job.state == "running" ? "goes on" : job.state)" }
    }
}
