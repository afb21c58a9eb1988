import ArgumentParser
import Cluster
import Registry

/// `bellwether models show`.
struct ModelsShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Shows a model's versions with their lineage.",
        discussion: """
            EXAMPLES
              bellwether models show spx-ridge
              bellwether models show spx-ridge --json
            """)

    /// What `--json` prints.
    private struct View: Encodable {
        var model: ModelSummary
        var versions: [ModelVersion]
    }

    @Argument(help: "The model's name.")
    var model: String

    @OptionGroup var options: HeadOptions

    func run() async throws {
        let view = try await options.withHead {
            View(model: try await $0.model(model), versions: try await $0.versions(of: model))
        }
        try options.common.show(view) { ModelText.details(view.model, view.versions) }
    }
}
