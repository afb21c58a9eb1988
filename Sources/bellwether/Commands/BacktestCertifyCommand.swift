import ArgumentParser
import Backtest
import Diagnostics
import MarketData

/// `bellwether backtest certify`.
struct BacktestCertifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "certify", abstract: "Looks for a look ahead: changes the future and sees what moves before it.",
        discussion: """
            Takes random bars of the dataset, changes all data after each, and runs the
            rule again: no decision and no market fill at or before the bar may change.
            Ends with exit code 5 when one does. Costs by volume are left out, since
            what a fill pays depends on its bar.

            EXAMPLES
              bellwether backtest certify jobs/spx-rule.yaml
              bellwether backtest certify jobs/spx-rule.yaml --trials 500 --seed 7
            """)

    /// What `--json` prints.
    private struct View: Encodable {
        struct Leak: Encodable {
            var symbol: String
            var what: String
            var bar: Int
            var changedFrom: Int
        }
        var name: String
        var trials: Int
        var seed: UInt64
        var clean: Bool
        var leaks: [Leak]
    }

    @Argument(help: "A spec of job: backtest with a rule.", completion: .file(extensions: ["yaml", "yml", "json"]))
    var file: String

    @Option(help: "How many bars of each series to try.")
    var trials = 50

    @Option(help: "The seed that the bars and the changes come from.")
    var seed: UInt64 = 1

    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard (1...100_000).contains(trials) else { throw ValidationError("--trials is a number from 1 to 100000") }
    }

    func run() async throws {
        let backtest = try RuleBacktest(file: file, catalogue: common.catalogue())
        var costs = backtest.costs
        (costs.volumeImpact, costs.rootImpact) = (0, 0)
        var limits = backtest.limits
        limits.participation = nil
        var leaks: [View.Leak] = []
        for series in backtest.series {
            let prices = try PricedBars(series)
            let certification = try Certification(bars: prices.bars, trials: trials, seed: seed) {
                bars throws(BacktestError) in
                try StrategyTrace(of: backtest.rule, over: PricedBars(bars), costs: costs, limits: limits)
            }
            leaks += certification.leaks.map {
                View.Leak(symbol: prices.bars.symbol, what: $0.what, bar: $0.bar, changedFrom: $0.changedFrom)
            }
        }
        let view = View(name: backtest.name, trials: trials, seed: seed, clean: leaks.isEmpty, leaks: leaks)
        try common.show(view) {
            leaks.isEmpty
                ? "\(Text.clean(backtest.name)): nothing moved before what was changed, in \(trials) trials on each of "
                    + "\(backtest.series.count) series"
                : leaks.map {
                    "\(Text.clean($0.symbol)): the \($0.what) of bar \($0.bar) moved with the data from bar \($0.changedFrom) on"
                }
                .joined(separator: "\n")
        }
        if !leaks.isEmpty {
            throw CommandError("E_LOOK_AHEAD", .refused, "the strategy looks ahead", place: .file(file))
        }
    }
}
