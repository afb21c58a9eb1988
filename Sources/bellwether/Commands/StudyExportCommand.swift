import ArgumentParser
import Cluster
import Foundation

/// `bellwether study export`: all trials for other programs.
struct StudyExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Writes all trials as CSV or JSON.",
        discussion: """
            EXAMPLES
              bellwether study export 3 > trials.csv
              bellwether study export 3 --format json --output trials.json
            """)

    /// What `--json` prints when the trials go to a file.
    private struct View: Encodable {
        var trials: Int
        var output: String
    }

    enum Format: String, ExpressibleByArgument, CaseIterable { case csv, json }

    @OptionGroup var argument: JobArgument

    @Option(help: "csv or json.")
    var format: Format?

    @Option(help: ArgumentHelp("Where to; standard output by default.", valueName: "file"), completion: .file())
    var output: String?

    @OptionGroup var options: HeadOptions

    func validate() throws {
        if options.common.json && format == .csv && output == nil {
            throw ValidationError("--json and --format csv need --output FILE: standard output is one or the other")
        }
    }

    func run() async throws {
        let trials = try await options.withHead { try await $0.trials(of: argument.job) }
        let bytes: Data
        switch format ?? (options.common.json ? .json : .csv) {
        case .csv: bytes = Data(TrialText.csv(trials).utf8)
        case .json: bytes = try APICoding.encode(TrialsPage(trials: trials)) + Data("\n".utf8)
        }
        guard let output else { return FileHandle.standardOutput.write(bytes) }
        try OutputFile.write(bytes, to: output)
        try options.common.show(View(trials: trials.count, output: output)) {
            "\(Text.count(trials.count, "trial")) written to \(Text.clean(output))"
        }
    }
}
