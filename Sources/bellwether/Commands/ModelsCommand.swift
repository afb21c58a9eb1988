import ArgumentParser
import Cluster
import Foundation

/// `bellwether models`: the registry.
struct ModelsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models", abstract: "Lists models; shows and promotes their versions.",
        discussion: """
            EXAMPLES
              bellwether models
              bellwether models show spx-ridge
              bellwether models promote spx-ridge 2 --alias champion
            """,
        subcommands: [ModelsListCommand.self, ModelsShowCommand.self, ModelsPromoteCommand.self, ModelsHistoryCommand.self],
        defaultSubcommand: ModelsListCommand.self)
}

/// `bellwether models list`.
struct ModelsListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "Lists models with their aliases.")

    @OptionGroup var options: HeadOptions

    func run() async throws {
        let models = try await options.withHead { try await $0.models() }
        try options.common.show(ModelsPage(models: models)) { ModelText.table(models) }
    }
}
