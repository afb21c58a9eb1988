import ArgumentParser
import Cluster
import Foundation

/// The user's command line.
@main
struct Bellwether: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bellwether",
        abstract: "Trains, searches and backtests trading models, on this machine or on a cluster.",
        discussion: """
            A job is a YAML file. `run` uses the head that --head, BELLWETHER_HEAD or
            config.yaml names, or the one that runs on this machine; when there is none
            it starts one for the length of the job.

            EXAMPLES
              bellwether data import spx-daily.csv --name spx-daily
              bellwether run jobs/spx-ridge.yaml
              bellwether report 1
              bellwether models

            COMPLETION
              bellwether --generate-completion-script bash > ~/.local/share/bash-completion/completions/bellwether
              (zsh and fish likewise)

            EXIT CODES
              0    done
              1    the job failed or was cancelled
              2    wrong input
              3    damaged data
              4    something does not answer
              5    refused
              130  interrupted
            """,
        version: CodeVersion.text,
        groupedSubcommands: [
            CommandGroup(
                name: "Jobs",
                subcommands: [
                    RunCommand.self, SubmitCommand.self, ValidateCommand.self, JobsCommand.self, JobCommand.self,
                    StudyCommand.self, ReportCommand.self, BacktestCommand.self,
                ]),
            CommandGroup(name: "Data and models", subcommands: [DataCommand.self, ModelsCommand.self]),
            CommandGroup(
                name: "Cluster",
                subcommands: [
                    TopCommand.self, EventsCommand.self, WorkersCommand.self, WorkerCommand.self, ServeCheckCommand.self,
                ]),
        ])

    static func main() async {
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            Failure(error, arguments: CommandLine.arguments).end()
        }
    }
}
