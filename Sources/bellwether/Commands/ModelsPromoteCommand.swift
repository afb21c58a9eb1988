import ArgumentParser
import Cluster
import Foundation
import Registry

/// `bellwether models promote`.
struct ModelsPromoteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "promote", abstract: "Points an alias at a version; serving nodes switch to it.",
        discussion: """
            The artifact is verified first. The promotion is kept for ever, with who and
            why.

            EXAMPLES
              bellwether models promote spx-ridge 2 --alias champion
              bellwether models promote spx-ridge 1 --alias champion --reason "2 drifts"
            """)

    @Argument(help: "The model's name.")
    var model: String

    @Argument(help: "The version's number.")
    var version: Int64

    @Option(help: "The alias, such as champion or challenger.")
    var alias: String

    @Option(help: "Why, for the history.")
    var reason = "by hand"

    @Option(help: ArgumentHelp("Who, for the history; the user's name by default.", valueName: "name"))
    var by: String?

    @OptionGroup var options: HeadOptions

    func validate() throws {
        guard version > 0 else { throw ValidationError("a version's number is 1 or more") }
    }

    func run() async throws {
        let user = NSUserName()
        let request = PromoteRequest(version: version, by: by ?? (user.isEmpty ? "command line" : user), reason: reason)
        let promotion = try await options.withHead { try await $0.promote(model, alias: alias, request) }
        try options.common.show(promotion) {
            "\(promotion.model) \(promotion.alias) is version \(promotion.to)" + (promotion.from.map { ", was \($0)" } ?? "")
        }
    }
}
