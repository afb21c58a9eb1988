import Backtest
import Cluster
import Testing

@testable import bellwether

@Suite struct ReportPageTests {
    private let day: Int64 = 86_400_000

    private func report(_ returns: [Double]) -> ReportView {
        ReportView(
            job: 3, trial: 7, parameters: ["model.l2": .number(0.5), "kind": .text("<b>")], metrics: [:],
            times: returns.indices.map { Int64($0) * day }, returns: returns,
            trades: [
                TradeView(
                    symbol: "A", entryTime: day, exitTime: 3 * day, entryPrice: 10, exitPrice: 11, shares: -2, pnl: -2,
                    return: -0.1)
            ], deflatedSharpe: 0.9, trialsCounted: 2,
            windows: [WindowView(start: 0, bars: 2, trainSharpe: 1.25), WindowView(start: 2, bars: 2, trainSharpe: nil)])
    }

    private let job = JobView(
        id: 3, uid: "u", name: "spx", kind: "study", state: "succeeded", priority: 0, specHash: "abc", dataset: "def",
        submittedAt: 0, result: JobResult(resultHash: "0123", tasks: 1, failed: 0))

    @Test func `the page names the trial, its parameters, its windows and where it comes from`() throws {
        let trials = [
            TrialView(number: 0, state: "succeeded", parameters: [:], objective: 1, metrics: ["sharpe": 0.25]),
            TrialView(number: 7, state: "succeeded", parameters: [:], objective: 2, metrics: ["sharpe": 0.75]),
        ]
        let html = try ReportPage.html(report([0.01, -0.02, 0.03, 0.01]), job: job, trials: trials)
        #expect(html.contains("<h1>spx, trial 7</h1>"))
        #expect(html.contains("<tr><th>model.l2</th><td>0.5000</td></tr>") && html.contains("<td>&lt;b&gt;</td>"))
        for hash in ["abc", "def", "0123"] { #expect(html.contains("<td>\(hash)</td>")) }
        #expect(html.contains("<td>1970-01-01</td><td class=\"wide\">1970-01-02</td><td class=\"gain\">1.25</td>"))
        #expect(html.contains("<td>1970-01-03</td><td class=\"wide\">1970-01-04</td><td class=\"\">–</td>"))
        #expect(html.contains("best of 2 by luck") && html.contains("<td>short</td>"))
    }

    @Test func `the page says how trades ended, what ideas the trials were, and what the market and factors explain`() throws {
        var view = report((0..<120).map { Double($0 % 7) / 100 - 0.02 })
        view.benchmark = view.returns.map { $0 / 2 }
        view.trades[0].exitReason = "stopLoss"
        view.trades.append(
            TradeView(
                symbol: "B", entryTime: day, exitTime: 2 * day, entryPrice: 1, exitPrice: 2, shares: 1, pnl: 1, return: 1,
                exitReason: "a reason of a later version"))
        let records = [view.returns, view.returns.map { -$0 }]
        let rows = (1...6).map { "19700\($0),\($0 % 3),0.1\n" }.joined()
        let table = try FactorTable(csv: "Date,Market,RF\n" + rows)
        #expect(throws: BacktestError.self) { try FactorRegression(returns: view.returns, times: view.times, table: table) }
        let html = try ReportPage.html(view, job: job, trials: [], records: records)
        #expect(html.contains("<td class=\"wide\">by stop loss</td>") && html.contains("<td class=\"wide\">by target</td>"))
        #expect(html.contains("beta 2.00") && html.contains("<tr><th>B</th><td>1</td>"))
        #expect(html.contains("by 2 clusters of them"))
        #expect(ReportText.render(view, title: "t", width: 80, style: .plain).contains("Where the gain comes from"))
    }

    @Test func `windows outside the record are left out, and returns that are no numbers refused`() throws {
        var odd = report([0.01, -0.02])
        odd.windows = [(-1, 2), (0, 3), (1, .max), (.max, 1), (0, 0), (1, 1)].map {
            WindowView(start: $0.0, bars: $0.1, trainSharpe: 0)
        }
        #expect(try odd.sheet(title: "t").windows.count == 1)
        odd.times.removeLast()
        #expect(try odd.sheet(title: "t").windows.isEmpty)
        #expect(throws: (any Error).self) { try ReportPage.html(report([0.01, .nan]), job: job, trials: []) }
    }
}
