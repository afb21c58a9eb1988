/// What one backtest path of a cross-validation came to.
package struct PathView: Codable, Sendable, Hashable {
    package var path: Int
    /// Nil for a path without trades.
    package var sharpe: Double?
    package var totalReturn: Double?
    package var maxDrawdown: Double?

    package init(path: Int, sharpe: Double?, totalReturn: Double?, maxDrawdown: Double?) {
        self.path = path
        self.sharpe = sharpe
        self.totalReturn = totalReturn
        self.maxDrawdown = maxDrawdown
    }
}
