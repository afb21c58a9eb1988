import Statistics

/// Wins and losses of periods instead of trades, as quantstats counts them; a period without return takes no part.
struct PeriodStatistics {
    /// Periods with a gain over periods with any return; 0 without any.
    let winRate: Double
    /// The sum of gains over the sum of losses; infinite when nothing was lost, 0 when nothing moved.
    let profitFactor: Double
    /// Win rate less loss rate over the ratio of the mean gain to the mean loss.
    let kelly: Double

    init(_ returns: [Double]) {
        var gains = CompensatedSum(), losses = CompensatedSum()
        var wins = 0, losers = 0
        for value in returns {
            if value > 0 {
                wins += 1
                gains.add(value)
            } else if value < 0 {
                losers += 1
                losses.add(-value)
            }
        }
        winRate = wins + losers > 0 ? Double(wins) / Double(wins + losers) : 0
        profitFactor = losers > 0 ? gains.value / losses.value : (wins > 0 ? .infinity : 0)
        let payoff = (gains.value / Double(wins)) / (losses.value / Double(losers))
        kelly = wins > 0 && losers > 0 ? winRate - (1 - winRate) / payoff : .nan
    }
}
