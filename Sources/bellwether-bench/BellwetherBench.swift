import Foundation

/// Measures the pure modules; `scripts/bench` runs it. Each figure is one JSON object on a line.
///
///     bellwether-bench backtest
///     bellwether-bench first
@main
struct BellwetherBench {
    static func main() throws {
        switch CommandLine.arguments.dropFirst().first {
        case "backtest": try BacktestBench().run()
        case "first": try BacktestBench.first()
        default:
            FileHandle.standardError.write(Data("usage: bellwether-bench backtest | first\n".utf8))
            exit(2)
        }
    }
}
