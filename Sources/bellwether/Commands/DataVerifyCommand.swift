import ArgumentParser
import Cluster
import MarketData

/// `bellwether data verify`.
struct DataVerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Reads datasets in full and compares them with their hashes.",
        discussion: """
            Ends with exit code 3 at the first one that is damaged.

            EXAMPLES
              bellwether data verify
              bellwether data verify spx-daily
            """)

    /// What `--json` prints.
    private struct View: Encodable { var verified: [CatalogueEntry] }

    @Argument(help: "The datasets' names; all by default.")
    var names: [String] = []

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let catalogue = try common.catalogue()
        let chosen = names.isEmpty ? try catalogue.list().map(\.name) : names
        var verified: [CatalogueEntry] = []
        for name in chosen {
            verified.append(try catalogue.verify(name: name))
            if !common.json { print("\(name): sound, \(verified[verified.count - 1].sha256)") }
        }
        if common.json { try common.show(View(verified: verified)) { "" } } else if chosen.isEmpty { print("no datasets yet") }
    }
}
