import Cluster
import Registry

/// Models, their versions and promotions as people read them.
enum ModelText {
    static func table(_ models: [ModelSummary]) -> String {
        guard !models.isEmpty else { return "no models yet" }
        var table = Table([.text("model"), .number("versions"), .text("aliases")])
        for model in models { table.add([model.model, "\(model.versions)", aliases(model.aliases)]) }
        return table.text
    }

    private static func aliases(_ aliases: [String: Int64]) -> String {
        aliases.sorted { $0.key < $1.key }.map { "\($0.key) = \($0.value)" }.joined(separator: ", ")
    }

    static func details(_ model: ModelSummary, _ versions: [ModelVersion]) -> String {
        var table = Table([
            .number("version"), .text("aliases"), .number("sharpe"), .number("deflated"), .number("trials"), .number("job"),
            .number("parent"),
            .text("dataset"), .text("artifact"), .text("registered (UTC)"),
        ])
        for version in versions {
            table.add([
                "\(version.version)", model.aliases.filter { $0.value == version.version }.keys.sorted().joined(separator: ", "),
                version.metrics["sharpe"].map { Text.number($0) } ?? "",
                version.metrics["deflatedSharpe"].map { Text.number($0) } ?? "",
                "\(version.lineage.trialCount)", "\(version.lineage.job)", version.lineage.parent.map { "\($0)" } ?? "",
                Text.hash(version.lineage.datasetHash), Text.hash(version.artifact), Text.time(version.registeredAt),
            ])
        }
        return table.text
    }

    static func history(_ promotions: [Promotion]) -> String {
        guard !promotions.isEmpty else { return "no promotions yet" }
        var table = Table([
            .text("at (UTC)"), .text("alias"), .number("from"), .number("to"), .text("by"), .text("gate"), .text("reason"),
        ])
        for promotion in promotions {
            table.add([
                Text.time(promotion.at), promotion.alias, promotion.from.map { "\($0)" } ?? "-", "\(promotion.to)", promotion.by,
                promotion.gate, promotion.reason,
            ])
        }
        return table.text
    }
}
