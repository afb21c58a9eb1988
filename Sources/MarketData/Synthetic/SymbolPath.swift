import Statistics

/// The bars of one symbol of a synthetic market.
struct SymbolPath {
    private let market: SyntheticMarket
    private var random: SplitMix64
    private var process: VolatilityProcess
    private let beta: Double
    private let ticks: Double
    private let baseVolume: Double
    private var logPrice: Double

    /// Prices stay between these by turning returns back towards the middle, however long the series is.
    private static let logBounds = (PortableMath.log(1), PortableMath.log(100_000))

    init(market: SyntheticMarket, index: Int) {
        self.market = market
        random = SplitMix64(seed: Seed.derive(market.seed, 1, UInt64(index)))
        process = VolatilityProcess(level: market.dailyOwnVolatility)
        beta = 0.7 + 0.6 * random.uniform()
        logPrice = PortableMath.log(20 + 180 * random.uniform())
        baseVolume = 200_000 + 5_000_000 * random.uniform()
        ticks = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000][market.decimals]
    }

    mutating func bars(symbol: String, days: [Int], factor: [SyntheticMarket.FactorDay]) -> Bars {
        var open: [Double] = []
        var high: [Double] = []
        var low: [Double] = []
        var close: [Double] = []
        var volume: [Double] = []
        for day in factor {
            let usual = process.volatility * day.volatility + market.dailyFactorVolatility * day.volatility * beta
            let move = kept(beta * day.move + ownMove(day.volatility))
            // Part of the move happens before the open; the rest between open and close.
            let overnight = 0.25 * move + 0.15 * usual * random.gaussian()
            let openLog = logPrice + overnight
            let closeLog = logPrice + move
            let above = 0.45 * usual * abs(random.gaussian())
            let below = 0.45 * usual * abs(random.gaussian())
            open.append(price(openLog))
            close.append(price(closeLog))
            high.append(price(max(openLog, closeLog) + above))
            low.append(price(min(openLog, closeLog) - below))
            let activity = 0.35 * random.gaussian() + 0.5 * min(abs(move) / usual, 6)
            volume.append((baseVolume * PortableMath.exp(activity)).rounded(.toNearestOrEven))
            logPrice = closeLog
        }
        return Bars(
            unchecked: symbol, time: days.map { Int64($0) * ISOTime.millisecondsPerDay }, open: open, high: high, low: low,
            close: close, adjustedClose: close, volume: volume)
    }

    /// The symbol's own part of a day's return.
    private mutating func ownMove(_ volatility: Double) -> Double {
        let shock = volatility * process.shock(random.gaussian())
        let jumps = random.uniform() < market.annualJumps / SyntheticMarket.year
        let size = random.gaussian()
        return shock + (jumps ? 4 * market.dailyOwnVolatility * size : 0)
    }

    /// The move, no larger than a factor of two, turned back where it would leave the bounds.
    private func kept(_ move: Double) -> Double {
        let move = min(max(move, -0.69), 0.69)
        if logPrice + move < Self.logBounds.0 { return abs(move) }
        if logPrice + move > Self.logBounds.1 { return -abs(move) }
        return move
    }

    /// The price rounded to a tick, at least one; a division of two integers, so that it is the double nearest to the decimal.
    private func price(_ log: Double) -> Double {
        max(1, (PortableMath.exp(log) * ticks).rounded(.toNearestOrEven)) / ticks
    }
}
