import ArgumentParser
import Cluster

/// `bellwether models history`.
struct ModelsHistoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history", abstract: "Lists a model's promotions, oldest first.",
        discussion: """
            EXAMPLES
              bellwether models history spx-ridge
            """)

    @Argument(help: "The model's name.")
    var model: String

    @OptionGroup var options: HeadOptions

    func run() async throws {
        let promotions = try await options.withHead { try await $0.promotions(of: model) }
        try options.common.show(PromotionsPage(promotions: promotions)) { ModelText.history(promotions) }
    }
}
