import ArgumentParser

/// `bellwether backtest`: what can be done with a backtest's own records.
struct BacktestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backtest", abstract: "Checks backtests: look-ahead, trade logs.",
        subcommands: [BacktestCertifyCommand.self, BacktestLogCommand.self, BacktestReplayCommand.self])
}
