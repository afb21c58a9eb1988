import ArgumentParser
import Cluster
import Diagnostics
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

    enum Format: String, ExpressibleByArgument, CaseIterable { case csv, json }

    @OptionGroup var argument: JobArgument

    @Option(help: "csv or json.")
    var format: Format?

    @Option(help: ArgumentHelp("Where to; standard output by default.", valueName: "file"), completion: .file())
    var output: String?

    @OptionGroup var options: HeadOptions

    func run() async throws {
        let trials = try await options.withHead { try await $0.trials(of: argument.job) }
        let bytes: Data
        switch format ?? (options.common.json ? .json : .csv) {
        case .csv: bytes = Data(TrialText.csv(trials).utf8)
        case .json: bytes = try APICoding.encode(TrialsPage(trials: trials)) + Data("\n".utf8)
        }
        guard let output else { return FileHandle.standardOutput.write(bytes) }
        do {
            try bytes.write(to: URL(fileURLWithPath: output), options: .atomic)
        } catch {
            throw CommandError(
                "E_OUTPUT", .unavailable, "the file cannot be written: \(error.localizedDescription)", place: .file(output))
        }
        Terminal.note("\(Text.count(trials.count, "trial")) written to \(output)")
    }
}
