import ArgumentParser
import Cluster

/// `bellwether worker`: one worker.
struct WorkerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker", abstract: "Drains one worker.", subcommands: [WorkerDrainCommand.self])
}

/// `bellwether worker drain`.
struct WorkerDrainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drain", abstract: "Lets a worker finish what it runs and gives it nothing more; then it ends.",
        discussion: """
            EXAMPLES
              bellwether worker drain 2
            """)

    @Argument(help: "The worker's number, see bellwether workers.")
    var worker: Int32

    @OptionGroup var options: HeadOptions

    func validate() throws {
        guard worker >= 0 else { throw ValidationError("a worker's number is 0 or more") }
    }

    func run() async throws {
        let view = try await options.withHead(mayStart: false) { try await $0.drain(worker) }
        try options.common.show(view) {
            "worker \(view.id) on \(Text.clean(view.host)) drains, \(Text.count(view.assigned, "task")) left"
        }
    }
}
