import ArgumentParser
import Cluster
import Diagnostics
import Foundation

/// `bellwether study import`: puts a study that another program ran on record.
struct StudyImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Puts a study that Optuna ran on record, from its journal file or as CSV.",
        discussion: """
            The study becomes a job that has ended: study show, best and export and report
            --html work on it. A CSV file says neither which way is better nor what the
            ranges were: give --maximize where it is so; each parameter gets the range of the
            values that were tried. Trials that were pruned or failed stay so.

            EXAMPLES
              bellwether study import optuna.log
              bellwether study import optuna.log --study tune --name tune-2025
              bellwether study import trials.csv --name old --maximize
            """)

    @Argument(help: "The journal file (JournalFileBackend), or CSV as study.trials_dataframe() has it.", completion: .file())
    var file: String

    @Option(help: "The study's name in a journal of several.")
    var study: String?

    @Option(help: "The name of the job; the study's own by default.")
    var name: String?

    @Option(help: "What the objective is called.")
    var metric = "value"

    @Flag(help: "More is better; a journal says so itself.")
    var maximize = false

    @OptionGroup var options: HeadOptions

    func run() async throws {
        guard let data = FileManager.default.contents(atPath: file) else {
            throw CommandError("E_FILE", .input, "\(Text.clean(file)) cannot be read")
        }
        // A journal begins with the object of its first operation.
        var found =
            data.first == UInt8(ascii: "{")
            ? try OptunaJournal.read(data, study: study, metric: metric)
            : try TrialsCSV.read(String(decoding: data, as: UTF8.self), name: "imported", metric: metric, isMaximized: maximize)
        if let name { found.name = name }
        guard !found.trials.isEmpty else { throw CommandError("E_OPTUNA_STUDY", .input, "no trial of the study has ended") }
        let request = try found.request(uid: UUID().uuidString)
        let job = try await options.withHead { try await $0.importStudy(request) }
        try options.common.show(job) { "\(Text.count(found.trials.count, "trial")) on record as \(JobText.title(job))" }
    }
}
