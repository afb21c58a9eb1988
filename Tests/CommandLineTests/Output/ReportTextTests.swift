import Backtest
import Cluster
import Testing

@testable import bellwether

@Suite struct ReportTextTests {
    private func report(_ returns: [Double]) -> ReportView {
        let day: Int64 = 86_400_000
        let times = returns.indices.map { Int64($0) * day }
        let trade = TradeView(
            symbol: "A", entryTime: day, exitTime: 3 * day, entryPrice: 10, exitPrice: 11, shares: -2, pnl: -2, return: -0.1)
        return ReportView(
            job: 1, trial: 7, parameters: ["l2": .number(0.5)], metrics: ["sharpe": 1.5], times: times, returns: returns,
            trades: [trade],
            deflatedSharpe: 0.9, trialsCounted: 12)
    }

    @Test func `a report becomes a tear sheet that names its trial`() {
        let text = ReportText.render(report([0.01, -0.02, 0.03, 0, 0.01]), title: "spx (job 1)", width: 80, style: .plain)
        #expect(text.hasPrefix("spx (job 1), trial 7, out of sample: l2 0.5"))
        #expect(text.contains("5 bars"))
        #expect(!text.contains("\u{1B}"))
        #expect(text.split(separator: "\n", omittingEmptySubsequences: false).allSatisfy { $0.count <= 80 })
    }

    @Test func `a report that cannot be measured shows its stored metrics`() {
        let text = ReportText.render(report([0.01, .nan]), title: "t", width: 80, style: .plain)
        #expect(text.contains("sharpe"))
        #expect(text.contains("1.500"))
    }

    @Test func `an empty report does not trap`() {
        var empty = report([])
        empty.trades = []
        #expect(!ReportText.render(empty, title: "t", width: 80, style: .plain).isEmpty)
    }
}
