import ArgumentParser
import Cluster

/// `bellwether job tasks`: what tasks came to.
struct JobTasksCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tasks", abstract: "Lists a job's tasks that went wrong, or all that ended.",
        discussion: """
            EXAMPLES
              bellwether job tasks 3
              bellwether job tasks 3 --all --json
            """)

    @OptionGroup var argument: JobArgument

    @Flag(help: "Tasks that succeeded too.")
    var all = false

    @OptionGroup var options: HeadOptions

    func run() async throws {
        let tasks = try await options.withHead { client in
            var tasks: [TaskView] = []
            var page = try await client.tasks(of: argument.job, limit: 1000)
            while true {
                tasks += page.tasks.filter { all || $0.error != nil }
                guard let next = page.next else { return tasks }
                page = try await client.tasks(of: argument.job, after: next, limit: 1000)
            }
        }
        try options.common.show(TasksPage(tasks: tasks, next: nil)) {
            tasks.isEmpty ? (all ? "no task has ended" : "no task went wrong") : TaskText.table(tasks)
        }
    }
}
