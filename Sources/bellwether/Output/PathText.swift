import Cluster

/// The paths of a cross-validation as people read them.
enum PathText {
    private static let shown = 40

    static func table(_ paths: [PathView]) -> String {
        var table = Table([.number("path"), .number("sharpe"), .number("return"), .number("drawdown")])
        for path in paths.prefix(shown) {
            table.add([
                "\(path.path)", path.sharpe.map { Text.number($0) } ?? "-", path.totalReturn.map { Text.percent($0) } ?? "-",
                path.maxDrawdown.map { Text.percent($0) } ?? "-",
            ])
        }
        return table.text + (paths.count > shown ? "\n... \(paths.count - shown) more, see --json" : "")
    }
}
