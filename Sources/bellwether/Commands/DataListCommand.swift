import ArgumentParser
import Cluster
import MarketData

/// `bellwether data list`.
struct DataListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists the datasets on this machine.",
        discussion: """
            EXAMPLES
              bellwether data list
            """)

    /// What `--json` prints.
    private struct View: Encodable { var datasets: [CatalogueEntry] }

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let entries = try common.catalogue().list()
        try common.show(View(datasets: entries)) { DataText.table(entries) }
    }
}
