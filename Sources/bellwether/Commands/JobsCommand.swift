import ArgumentParser
import Cluster

/// `bellwether jobs`: the list.
struct JobsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "jobs", abstract: "Lists jobs, newest first.",
        discussion: """
            EXAMPLES
              bellwether jobs
              bellwether jobs --limit 5 --json
            """)

    @Option(help: "How many, 1 to 500.")
    var limit = 20

    @Option(help: ArgumentHelp("Only jobs older than this one.", valueName: "job"))
    var before: Int64?

    @OptionGroup var options: HeadOptions

    func validate() throws {
        guard (1...500).contains(limit) else { throw ValidationError("--limit is 1 to 500") }
        guard before.map({ $0 > 0 }) ?? true else { throw ValidationError("--before is the number of a job") }
    }

    func run() async throws {
        let page = try await options.withHead { try await $0.jobs(limit: limit, before: before) }
        try options.common.show(page) {
            JobText.table(page.jobs) + (page.next.map { "\nolder ones: bellwether jobs --before \($0)" } ?? "")
        }
    }
}
