import ArgumentParser
import Cluster

/// `bellwether job`: one job.
struct JobCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "job", abstract: "Shows or cancels one job, its tasks, or what its commands wrote.",
        subcommands: [
            JobShowCommand.self, JobCancelCommand.self, JobPauseCommand.self, JobResumeCommand.self, JobExplainCommand.self,
            JobTasksCommand.self, JobLogsCommand.self,
        ])
}

/// The number of a job on the command line.
struct JobArgument: ParsableArguments {
    @Argument(help: "The job's number.")
    var job: Int64

    func validate() throws {
        guard job > 0 else { throw ValidationError("a job's number is 1 or more") }
    }
}
