import Cluster

/// What a nested study chose in its windows, as people read it.
enum ChosenText {
    static func table(_ chosen: [ChosenView]) -> String {
        let names = Set(chosen.flatMap(\.parameters.keys)).sorted()
        var table = Table(
            [.number("window"), .number("in train"), .number("test sharpe"), .number("test return")]
                + names.map { .number(Text.clean($0)) })
        for view in chosen {
            table.add(
                [
                    "\(view.window)", Text.number(view.objective), Text.number(view.sharpe), Text.percent(view.totalReturn),
                ] + names.map { TrialText.parameter(view.parameters[$0]) })
        }
        return table.text
    }
}
