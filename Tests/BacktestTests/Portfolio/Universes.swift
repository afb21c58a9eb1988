import Backtest
import MarketData
import Statistics

/// Several series for tests, on one calendar with holes.
struct Universes {
    let bars: [Bars]
    let universe: Universe
    /// One signal for each bar of each series.
    let signals: [[Double]]
    let sizing: Sizing

    /// One to five random walks; bars are missing, some series begin late and some end early.
    init(_ generator: inout SplitMix64, count: Int, volatility: Double = 0.02) throws {
        var series: [Bars] = []
        for number in 0...Int(generator.integer(below: 5)) {
            let whole = try Markets.traded(&generator, count: count, volatility: volatility)
            let first = generator.uniform() < 0.3 ? Int(generator.integer(below: UInt64(count / 2))) : 0
            let end = generator.uniform() < 0.3 ? count - Int(generator.integer(below: UInt64(count / 3))) : count
            let holes = generator.uniform() < 0.5 ? 0.15 : 0
            let kept = (first..<end).filter { _ in generator.uniform() >= holes }
            series.append(try Universes.picked(whole, kept.isEmpty ? [first] : kept, symbol: "S\(number)"))
        }
        bars = series
        universe = try Universe(series)
        signals = series.map { Markets.targets(&generator, count: $0.count) }
        sizing = Universes.sizing(&generator)
    }

    static func picked(_ bars: Bars, _ places: [Int], symbol: String) throws -> Bars {
        func pick(_ column: [Double]) -> [Double] { places.map { column[$0] } }
        return try Bars(
            symbol: symbol, time: places.map { bars.time[$0] }, open: pick(bars.open), high: pick(bars.high),
            low: pick(bars.low), close: pick(bars.close), adjustedClose: pick(bars.adjustedClose), volume: pick(bars.volume))
    }

    /// Every kind of sizing, with and without a rebalance.
    static func sizing(_ generator: inout SplitMix64) -> Sizing {
        let window = 2 + Int(generator.integer(below: 8))
        let kind: Sizing.Kind =
            switch generator.integer(below: 4) {
            case 0: .fixed(size: generator.uniform() < 0.5 ? nil : 0.1 + generator.uniform())
            case 1: .equal
            case 2: .volatility(target: 0.05 + 0.5 * generator.uniform(), window: window)
            default: .kelly(fraction: 0.1 + 0.5 * generator.uniform(), window: window, cap: 0.2 + generator.uniform())
            }
        return Sizing(kind, rebalance: generator.uniform() < 0.5 ? nil : 1 + Int(generator.integer(below: 10)))
    }

    /// Every cost and limit, a gross limit in half of the draws.
    static func rules(_ generator: inout SplitMix64) -> (costs: Costs, limits: Limits) {
        var (costs, limits) = Markets.allRules(&generator)
        if generator.uniform() < 0.5 { limits.maxGross = 0.3 + 2 * generator.uniform() }
        return (costs, limits)
    }
}
