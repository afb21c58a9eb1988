import Cluster

/// A stress test as people read it.
enum ScenarioText {
    static func table(_ scenarios: [ScenarioView]) -> String {
        var table = Table([
            .text("shock"), .number("draws"), .number("score"), .number("least"), .number("sharpe"), .number("return"),
            .number("drawdown"),
        ])
        for scenario in scenarios {
            table.add([
                scenario.name, "\(scenario.draws)", scenario.score.map { Text.number($0) } ?? "-",
                scenario.leastScore.map { Text.number($0) } ?? "-", scenario.sharpe.map { Text.number($0) } ?? "-",
                scenario.totalReturn.map { Text.percent($0) } ?? "-", scenario.deepestDrawdown.map { Text.percent($0) } ?? "-",
            ])
        }
        return table.text
    }
}
