import ArgumentParser

/// `bellwether data`: the datasets on this machine.
struct DataCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "data", abstract: "Imports, lists, checks and makes datasets on this machine.",
        discussion: """
            A dataset is named by the hash of its content: the same rows from another file
            layout are the same dataset.

            EXAMPLES
              bellwether data import spx-daily.csv --name spx-daily
              bellwether data synth --name synthetic --seed 7 --symbols 8 --bars 5000
              bellwether data verify
            """,
        subcommands: [
            DataImportCommand.self, DataListCommand.self, DataShowCommand.self, DataVerifyCommand.self, DataExportCommand.self,
            DataSynthCommand.self,
        ],
        defaultSubcommand: DataListCommand.self)
}
