import ArgumentParser
import Cluster

/// `bellwether job explain`.
struct JobExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Says why tasks of a job wait, and what would have to change.",
        discussion: """
            EXAMPLES
              bellwether job explain 3
            """)

    @OptionGroup var argument: JobArgument
    @OptionGroup var options: HeadOptions

    func run() async throws {
        let found = try await options.withHead { try await $0.explain(argument.job) }
        try options.common.show(found) {
            let counts =
                "job \(found.job): \(found.waiting) tasks wait, \(found.blocked) wait for others, \(found.assigned) are on workers"
            guard !found.reasons.isEmpty else { return counts + "\nnothing keeps a task from running" }
            return counts + found.reasons.map { "\n  \($0.message)" + ($0.hint.map { "\n    \($0)" } ?? "") }.joined()
        }
    }
}
