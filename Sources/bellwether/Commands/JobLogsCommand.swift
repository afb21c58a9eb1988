import ArgumentParser
import Cluster

/// `bellwether job logs`: what the programs of a job wrote.
struct JobLogsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logs", abstract: "Shows what a job's commands wrote, first and last parts.",
        discussion: """
            Control characters and bytes that are no UTF-8 are shown as escapes.

            EXAMPLES
              bellwether job logs 3
              bellwether job logs 3 --task 0 --follow
            """)

    @OptionGroup var argument: JobArgument

    @Option(help: "Only what this task wrote.")
    var task: Int32?

    @Flag(help: "Go on with what it writes, until its end.")
    var follow = false

    @OptionGroup var options: HeadOptions

    func run() async throws {
        try await options.withHead { client in
            let isJSON = options.common.json
            guard follow else { return try await show(client, isJSON: isJSON) }
            let ended: Bool? = try await Interrupts().race {
                var text = LogText(showsTask: task == nil)
                try await client.followLogs(of: argument.job, task: task, patience: .seconds(300)) { part in
                    Terminal.output(isJSON ? text.json(part) : text.shown(part))
                }
                return true
            }
            if ended == nil { throw ExitCode(130) }
        }
    }

    private func show(_ client: HeadClient, isJSON: Bool) async throws {
        var text = LogText(showsTask: task == nil)
        var page = try await client.logs(of: argument.job, task: task)
        while true {
            for part in page.parts { Terminal.output(isJSON ? text.json(part) : text.shown(part)) }
            guard let next = page.next else { return }
            page = try await client.logs(of: argument.job, task: task, after: next)
        }
    }
}
