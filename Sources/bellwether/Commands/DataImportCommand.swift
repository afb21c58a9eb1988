import ArgumentParser
import Cluster
import Foundation
import MarketData

extension ImportOptions.Format: ExpressibleByArgument {}
extension ImportOptions.OrderPolicy: ExpressibleByArgument {}
extension ImportOptions.DuplicatePolicy: ExpressibleByArgument {}
extension ImportOptions.GapPolicy: ExpressibleByArgument {}
extension ImportOptions.TimeUnit: ExpressibleByArgument {}

/// `bellwether data import`.
struct DataImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Makes a dataset from a CSV or JSON Lines file, checking every row.",
        discussion: """
            Needs the columns date, open, high, low and close; symbol, adjusted close and
            volume are optional. Flaws are refused unless an option says what to do.

            EXAMPLES
              bellwether data import spx-daily.csv --name spx-daily
              bellwether data import bars.jsonl --name bars --order sort --gaps ignore
            """)

    /// What `--json` prints.
    private struct View: Encodable {
        var dataset: CatalogueEntry
        var report: ImportReport
    }

    @Argument(help: "The file.", completion: .file(extensions: ["csv", "jsonl", "txt"]))
    var file: String

    @Option(help: "The dataset's name.")
    var name: String

    @Option(help: "The symbol of a file without a symbol column.")
    var symbol = ImportOptions.defaultSymbol

    @Option(help: "The file's layout.")
    var format = ImportOptions.Format.auto

    @Option(help: "What to do with rows out of order.")
    var order = ImportOptions.OrderPolicy.refuse

    @Option(help: "What to do when a time comes twice.")
    var duplicates = ImportOptions.DuplicatePolicy.refuse

    @Option(help: "What to do about missing bars.")
    var gaps = ImportOptions.GapPolicy.report

    @Option(help: "The unit of times written as integers; told from their size by default.")
    var timeUnit: ImportOptions.TimeUnit?

    @Flag(help: "Let times have different offsets from UTC.")
    var mixedOffsets = false

    @Option(help: ArgumentHelp("The hash that the content must have.", valueName: "hash"))
    var sha256: String?

    @OptionGroup var common: CommonOptions

    func run() async throws {
        try DatasetName.check(name)
        if let sha256 { try DatasetName.check(sha256: sha256) }
        let options = ImportOptions(
            symbol: symbol, format: format, order: order, duplicates: duplicates, gaps: gaps, timeUnit: timeUnit,
            allowsMixedOffsets: mixedOffsets, expectedSHA256: sha256)
        let imported = try DatasetImport.file(file, options: options)
        try common.place.prepare()
        let entry = try common.catalogue().add(imported.dataset, name: name, importedAt: WallClock.milliseconds)
        try common.show(View(dataset: entry, report: imported.report)) { DataText.imported(entry, imported.report) }
    }
}
