import Foundation
import MarketData
import Statistics
import Testing

@testable import Backtest

@Suite struct TearSheetPageTests {
    private static let day: Int64 = 86_400_000

    /// A sheet of seeded returns on days from 2001-01-01.
    private func sheet(_ count: Int, seed: UInt64 = 5) throws -> TearSheet {
        var generator = SplitMix64(seed: seed)
        let returns = (0..<count).map { _ in (generator.uniform() - 0.48) * 0.02 }
        return try sheet(returns)
    }

    private func sheet(_ returns: [Double]) throws -> TearSheet {
        let times = returns.indices.map { 978_307_200_000 + Int64($0) * Self.day }
        return TearSheet(title: "t", performance: try Performance(returns: returns), times: times, returns: returns)
    }

    private func trade(_ gain: Double, symbol: String = "A") -> Trade {
        Trade(
            symbol: symbol, entryIndex: 0, exitIndex: 1, entryTime: 978_307_200_000, exitTime: 978_393_600_000, side: .long,
            entryPrice: 10, exitPrice: 10 + gain, shares: 1, commission: 0, pnl: gain, return: gain / 10, exitReason: .target)
    }

    /// A whole sheet: trades, windows, trials and facts.
    private func full() throws -> TearSheet {
        var sheet = try sheet(800)
        sheet.trades = (0..<30).map { trade(Double($0) - 12) }
        sheet.performance = try Performance(returns: sheet.returns, trades: sheet.trades)
        sheet.windows = (0..<20).map { number in
            TearSheet.Window(
                first: sheet.times[number * 40], last: sheet.times[number * 40 + 39], totalReturn: Double(number) / 100 - 0.05,
                sharpe: Double(number) / 10 - 1, maxDrawdown: -0.1, trades: number, trainSharpe: number == 3 ? nil : 0.5)
        }
        (sheet.trialSharpes, sheet.trials, sheet.deflatedSharpe) = ([-0.4, 0.1, 0.5, 0.9, 1.3, .nan], 8, 0.25)
        sheet.facts = [("dataset, SHA-256", "abc")]
        return sheet
    }

    /// Every tag that is opened is closed in order, and no `<` stands alone.
    private func isBalanced(_ html: String) -> Bool {
        let void: Set<Substring> = ["meta", "line", "path", "rect", "circle", "!DOCTYPE"]
        var open: [Substring] = []
        for part in html.split(separator: "<", omittingEmptySubsequences: true).dropFirst(html.hasPrefix("<") ? 0 : 1) {
            guard let end = part.firstIndex(of: ">") else { return false }
            let name = part[..<end].prefix { $0 != " " && $0 != "/" }
            if part.hasPrefix("/") {
                guard open.popLast() == part[..<end].dropFirst() else { return false }
            } else if !void.contains(name) {
                open.append(name)
            }
        }
        return open.isEmpty
    }

    @Test func `the page holds every part, in order`() throws {
        let html = try full().html()
        #expect(isBalanced(html))
        let headings = html.matches(of: /<h[123]>([^<]*)<\/h[123]>/).map { String($0.1) }
        #expect(
            headings == [
                "t", "Annual return", "Sharpe ratio", "Deflated Sharpe ratio", "Maximum drawdown", "Volatility", "Metrics",
                "Equity",
                "Growth of 1", "Underwater: fall from the last peak, %", "Rolling Sharpe ratio, one year", "Returns by month, %",
                "Distributions", "Bars by return, %", "Trials by Sharpe ratio", "Walk-forward windows",
                "Sharpe ratio by window: train against test", "Trades", "The 5 worst", "The 5 best", "Where it comes from",
            ])
        #expect(html.contains("convention <b>empyrical</b>, 252 bars a year"))
        #expect(html.contains("<b class=\"\">0.250</b><p>best of 8 trials, raw count</p>"))
        #expect(html.contains("Test is below train in 14 of the 19 windows that have both."))
        #expect(
            html.contains(
                "<td>2001-01-01</td><td class=\"wide\">2001-02-09</td><td class=\"gain\">0.50</td><td class=\"loss\">−1.00</td>"))
    }

    @Test func `the page says where the gain comes from, and what the market has to do with it`() throws {
        var sheet = try full()
        sheet.trades = [trade(2, symbol: "A"), trade(-1, symbol: "A"), trade(4, symbol: "B")]
        sheet.trades[1].exitReason = .stopLoss
        sheet.trades[2].side = .short
        sheet.benchmark = sheet.returns.map { 0.5 * $0 }
        sheet.effective = try DeflatedSharpe(returns: [sheet.returns, sheet.returns.reversed()])
        let html = sheet.html()
        #expect(isBalanced(html) && html.contains("<h2>Where the gain comes from</h2>"))
        #expect(html.contains("<tr><th>A</th><td>2</td><td class=\"gain\">1.00</td></tr>\n<tr><th>B</th><td>1</td>"))
        #expect(html.contains("<tr><th>short</th><td>1</td><td class=\"gain\">4.00</td></tr>"))
        #expect(html.contains("<tr><th>by stop loss</th><td>1</td><td class=\"loss\">−1.00</td></tr>"))
        // Twice the market, with nothing beside it.
        #expect(html.contains("beta 2.00, correlation 1.00"))
        #expect(html.contains("best of 8 trials, raw count; ") && html.contains("<td class=\"wide\">by stop loss</td>"))
        let text = sheet.lines().joined(separator: "\n")
        #expect(text.contains("Where the gain comes from") && text.contains("2 trials with a record are"))
    }

    // √V [(1 - γ) z(1 - 1/8) + γ z(1 - 1/(8 e))] with Python's statistics module: 0.96999750.
    @Test func `the threshold counts all trials, those without a Sharpe ratio too`() throws {
        let sheet = try full()
        #expect(abs(try #require(sheet.luckySharpe) - 0.9699975044053627) < 1e-12)
        let html = sheet.html()
        #expect(html.contains("best of 8 by luck 0.97</text>"))
        #expect(html.contains("3 of 8 trials have none, and count all the same."))
    }

    @Test func `months compound to what their returns say`() throws {
        // January's 31 returns of 0.1 %, and one of -50 % in February.
        let html = try sheet([Double](repeating: 0.001, count: 31) + [-0.5]).html()
        #expect(html.contains("<tr><th>2001</th><td class=\"g2\">3.1</td><td class=\"l5\">−50.0</td><td></td>"))
    }

    @Test func `the same sheet makes the same bytes`() throws {
        #expect(try full().html() == full().html())
    }

    @Test func `nothing comes from elsewhere`() throws {
        let html = try full().html().lowercased()
        for word in ["http:", "https:", "//", "src=", "href", "url(", "@import", "<script", "<link", "javascript"] {
            #expect(!html.contains(word), "\(word)")
        }
        #expect(html.firstMatch(of: /<[^>]* on[a-z]+=/) == nil)
        #expect(html.contains("default-src 'none'"))
    }

    @Test func `text from users stays text`() throws {
        var sheet = try full()
        let attack = "</title><script>alert(\"1\")</script>&'\u{202E}\u{1B}"
        sheet.title = attack
        sheet.trades = [trade(1, symbol: attack)]
        sheet.facts = [(attack, attack)]
        let html = sheet.html()
        #expect(isBalanced(html))
        #expect(!html.contains("<script") && !html.contains("\u{202E}") && !html.contains("\u{1B}"))
        #expect(html.contains("<title>&lt;/title&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;??</title>"))
        #expect(html.components(separatedBy: "&lt;/title&gt;&lt;script").count == 6)
    }

    @Test func `no bars, one bar and two make whole pages`() throws {
        for count in 0...2 {
            let html = try sheet([Double](repeating: 0.01, count: count)).html()
            #expect(isBalanced(html), "\(count) bars")
            #expect(html.contains("<p>There were none.</p>"))
            #expect(html.contains("Charts need two bars or more") == (count < 2))
            #expect(html.contains("<svg") == (count == 2))
        }
    }

    @Test func `a study without trades is drawn flat`() throws {
        let html = try sheet([Double](repeating: 0, count: 600)).html()
        #expect(isBalanced(html))
        #expect(html.contains("Never below its peak.") && html.contains("<p>There were none.</p>"))
        #expect(!html.lowercased().contains("nan"))
    }

    @Test func `wild values do no harm`() throws {
        var wild = try full()
        wild.times[0] = .min
        wild.windows[0].first = .min
        wild.windows[1].last = .max
        wild.windows[2].sharpe = .infinity
        wild.windows[4].trainSharpe = .nan
        wild.trades[0].return = .nan
        wild.trades[1].entryTime = .max
        wild.halted = 9999
        wild.trialSharpes += [1e300, -1e300, .infinity]
        #expect(isBalanced(wild.html()))
        for returns in [[1e200, -0.9, 1e200], [.nan, 1, 2], [-3, 1e308, 5], [1e-300, -1e-300, 0]] {
            var sheet = try sheet([0.1, 0.2, 0.3])
            sheet.returns = returns
            let html = sheet.html()
            #expect(isBalanced(html))
            #expect(html.firstMatch(of: /="[^"]*(nan|inf)[^"]*"/.ignoresCase()) == nil)
        }
        var short = try sheet(10)
        short.times.removeLast()
        #expect(short.html().contains("Charts need two bars or more"))
    }

    @Test func `long series are thinned to what a screen shows`() throws {
        let long = try sheet(200_000), short = try sheet(20_000)
        #expect(long.html().utf8.count < 2 * short.html().utf8.count)
        let values = (0..<10_000).map { sin(Double($0) / 700) + ($0 == 4321 ? 5 : 0) }
        let kept = Course.thinned(values, columns: 300)
        #expect(kept.count <= 1200 && kept == kept.sorted() && Set(kept).count == kept.count)
        #expect(kept.first == 0 && kept.last == 9999 && kept.contains(4321))
    }
}
