import ArgumentParser
import Cluster
import Foundation

/// `bellwether study export`: all trials for other programs.
struct StudyExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Writes all trials as CSV, JSON or for Optuna.",
        discussion: """
            EXAMPLES
              bellwether study export 3 > trials.csv
              bellwether study export 3 --format json --output trials.json
              bellwether study export 3 --format optuna --output optuna.log
              bellwether study export 3 --format optuna-csv --output trials.csv
            """)

    /// What `--json` prints when the trials go to a file.
    private struct View: Encodable {
        var trials: Int
        var output: String
    }

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case csv, json
        /// Optuna's journal file.
        case optuna
        /// The layout of Optuna's `trials_dataframe()`.
        case optunaCSV = "optuna-csv"
    }

    @OptionGroup var argument: JobArgument

    @Option(help: "csv, json, optuna (its journal file) or optuna-csv (as its trials_dataframe() has it).")
    var format: Format?

    @Option(help: ArgumentHelp("Where to; standard output by default.", valueName: "file"), completion: .file())
    var output: String?

    @OptionGroup var options: HeadOptions

    func validate() throws {
        if options.common.json, let format, format != .json, output == nil {
            throw ValidationError(
                "--json and --format \(format.rawValue) need --output FILE: standard output is one or the other")
        }
    }

    func run() async throws {
        let isJournal = format == .optuna
        let (job, study, trials) = try await options.withHead { client in
            (
                isJournal ? try await client.job(argument.job) : nil, isJournal ? try await client.study(of: argument.job) : nil,
                try await client.trials(of: argument.job)
            )
        }
        let bytes: Data
        switch format ?? (options.common.json ? .json : .csv) {
        case .csv: bytes = Data(TrialText.csv(trials).utf8)
        case .optunaCSV: bytes = Data(TrialsCSV.optuna(trials).utf8)
        case .optuna:
            guard let job, let study else { return }
            bytes = OptunaJournal.write(study, name: job.name, at: job.submittedAt, trials: trials)
        case .json: bytes = try APICoding.encode(TrialsPage(trials: trials)) + Data("\n".utf8)
        }
        guard let output else { return FileHandle.standardOutput.write(bytes) }
        try OutputFile.write(bytes, to: output)
        try options.common.show(View(trials: trials.count, output: output)) {
            "\(Text.count(trials.count, "trial")) written to \(Text.clean(output))"
        }
    }
}
