import ArgumentParser
import Cluster
import MarketData

/// `bellwether data show`.
struct DataShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Shows a dataset and its series.",
        discussion: """
            EXAMPLES
              bellwether data show spx-daily
            """)

    /// What `--json` prints.
    private struct View: Encodable {
        struct Series: Encodable {
            var symbol: String
            var bars: Int
            var firstTime: Int64?
            var lastTime: Int64?
        }
        var dataset: CatalogueEntry
        var series: [Series]
    }

    @Argument(help: "The dataset's name.")
    var name: String

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let catalogue = try common.catalogue()
        let entry = try catalogue.resolve(name: name)
        let dataset = try catalogue.load(sha256: entry.sha256)
        let series = dataset.series.map {
            View.Series(symbol: $0.symbol, bars: $0.count, firstTime: $0.time.first, lastTime: $0.time.last)
        }
        try common.show(View(dataset: entry, series: series)) { DataText.details(entry, dataset) }
    }
}
