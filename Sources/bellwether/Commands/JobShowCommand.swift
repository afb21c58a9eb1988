import ArgumentParser
import Cluster

/// `bellwether job show`.
struct JobShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Shows a job with its progress or its result.",
        discussion: """
            EXAMPLES
              bellwether job show 3
              bellwether job show 3 --follow
            """)

    @OptionGroup var argument: JobArgument

    @Flag(help: "Wait for its end.")
    var follow = false

    @OptionGroup var options: HeadOptions

    func run() async throws {
        try await options.withHead { client in
            let job = try await client.job(argument.job)
            guard follow, !job.hasEnded else { return try options.common.show(job) { JobText.details(job) } }
            let isQuiet = options.common.json
            guard let ended = try await Interrupts().race({ try await Following.untilEnd(job, client, isQuiet: isQuiet) }) else {
                throw ExitCode(130)
            }
            try await Following.conclude(ended, client, options.common)
        }
    }
}
