import ArgumentParser
import Cluster

/// `bellwether study`: the trials of a study.
struct StudyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "study", abstract: "Shows, picks, watches, exports or imports the trials of a study.",
        subcommands: [
            StudyShowCommand.self, StudyBestCommand.self, StudyWatchCommand.self, StudyExportCommand.self,
            StudyImportCommand.self,
        ])
}
