import ArgumentParser
import Cluster
import Foundation
import MarketData

extension DatasetExport.Format: ExpressibleByArgument {}

/// `bellwether data export`.
struct DataExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Writes a dataset as CSV or JSON Lines; importing it again gives the same hash.",
        discussion: """
            EXAMPLES
              bellwether data export spx-daily > spx.csv
              bellwether data export spx-daily --format jsonl --output spx.jsonl
            """)

    /// What `--json` prints when the text goes to a file.
    private struct View: Encodable {
        var dataset: CatalogueEntry
        var output: String
    }

    @Argument(help: "The dataset's name.")
    var name: String

    @Option(help: "csv or jsonl.")
    var format = DatasetExport.Format.csv

    @Option(help: ArgumentHelp("Where to; standard output by default.", valueName: "file"), completion: .file())
    var output: String?

    @OptionGroup var common: CommonOptions

    func validate() throws {
        if common.json && output == nil {
            throw ValidationError("--json needs --output FILE, because standard output holds the dataset itself")
        }
    }

    func run() async throws {
        let catalogue = try common.catalogue()
        let entry = try catalogue.resolve(name: name)
        let dataset = try catalogue.load(sha256: entry.sha256)
        guard let output else {
            return FileHandle.standardOutput.write(Data(DatasetExport.bytes(of: dataset, as: format)))
        }
        try DatasetExport.write(dataset, to: output, as: format)
        try common.show(View(dataset: entry, output: output)) {
            "\(Text.count(dataset.totalRows, "bar")) written to \(Text.clean(output))"
        }
    }
}
