import Backtest
import Diagnostics
import MarketData
import Specs

/// A backtest of a rule, with what it needs from this machine: it runs here and now, without a head.
struct RuleBacktest {
    let name: String
    let rule: RuleStrategy
    let costs: Costs
    let limits: Limits
    let sizing: Sizing
    let instruments: Instruments
    /// The dataset's series.
    let series: [Bars]

    /// Reads a spec of `job: backtest` and its dataset.
    ///
    /// Throws what reading them throws, and `E_BACKTEST_KIND` for another job and for a strategy with a model.
    init(file: String, catalogue: Catalogue) throws {
        let spec = try SpecFile.read(file).spec
        guard case .backtest(let backtest) = spec.body, case .rule(let rule) = backtest.strategy.body else {
            throw CommandError(
                "E_BACKTEST_KIND", .input, "the spec is not a backtest of a rule", place: .file(file),
                hint: "a strategy with a model runs as a job: bellwether run \(file)")
        }
        let entry = try catalogue.resolve(name: backtest.dataset.name, expecting: backtest.dataset.sha256)
        name = spec.name
        self.rule = rule
        costs = backtest.costs
        limits = backtest.limits
        sizing = backtest.sizing
        instruments = backtest.instruments
        series = try catalogue.load(sha256: entry.sha256).series
    }

    /// Runs the rule over `traded`, from one cash pool, and writes what happens into `log`.
    func run(_ traded: [Bars], log: TradeLog) throws(BacktestError) -> BacktestResult {
        var signals: [[Double]] = []
        for bars in traded { signals.append(try rule.targets(bars: bars)) }
        let universe = try Universe(traded, instruments: instruments.all(of: traded.map(\.symbol)))
        let allocation = try Allocation(signals: signals, universe: universe, sizing: sizing, limits: limits)
        return try Portfolio.run(universe, allocation, costs: costs, limits: limits, log: log)
    }
}
