/// How a strategy fared under one kind of shock, over all draws of it.
package struct ScenarioView: Codable, Sendable, Hashable {
    package var name: String
    package var draws: Int
    /// From 0 to 1, the mean and the least of the draws; nil for the market as it was.
    package var score: Double?
    package var leastScore: Double?
    /// Means over the draws that have one.
    package var sharpe: Double?
    package var totalReturn: Double?
    /// The deepest of any draw.
    package var deepestDrawdown: Double?

    package init(
        name: String, draws: Int, score: Double?, leastScore: Double?, sharpe: Double?, totalReturn: Double?,
        deepestDrawdown: Double?
    ) {
        self.name = name
        self.draws = draws
        self.score = score
        self.leastScore = leastScore
        self.sharpe = sharpe
        self.totalReturn = totalReturn
        self.deepestDrawdown = deepestDrawdown
    }
}
