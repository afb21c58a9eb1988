import Statistics

/// The few numbers a reader looks for first, and below them all metrics in groups.
struct Headline {
    let sheet: TearSheet

    var html: String {
        let p = sheet.performance
        let cards = [
            Page.card("Annual return", Format.gain(p.annualReturn), "total \(Format.gain(p.totalReturn))", p.annualReturn),
            Page.card("Sharpe ratio", Format.number(p.sharpe), interval, p.sharpe),
            Page.card("Deflated Sharpe ratio", Format.number(sheet.deflatedSharpe ?? .nan, 3), trials),
            Page.card(
                "Maximum drawdown", Format.percent(p.maxDrawdown), "longest \(p.longestDrawdown?.bars ?? 0) bars", p.maxDrawdown),
            Page.card("Volatility", Format.percent(p.volatility), "a year"),
        ]
        return "<section class=\"cards\">\n\(cards.joined())</section>\n" + groups
    }

    /// 95 % by Mertens' standard error.
    private var interval: String {
        let p = sheet.performance
        let range = SharpeInference.interval(sharpe: p.sharpePerPeriod, skew: p.skew, kurtosis: p.kurtosis, periods: p.periods)
        let year = p.periodsPerYear.squareRoot()
        guard range.lower.isFinite, range.upper.isFinite else { return "too few bars for an interval" }
        return "95 %: \(Markup.number(Format.number(range.lower * year))) to \(Markup.number(Format.number(range.upper * year)))"
    }

    private var trials: String {
        guard let trials = sheet.trials else { return "not picked from trials" }
        let count = "\(trials) trial\(trials == 1 ? "" : "s")"
        guard sheet.deflatedSharpe != nil else { return "of \(count); for the best one only" }
        let earlier = sheet.earlierTrials.flatMap { $0 > 0 ? "\($0) of them before this study" : nil } ?? "raw count"
        guard let effective = sheet.effective else { return "best of \(count), \(earlier)" }
        return "best of \(count), \(earlier); \(Format.number(effective.effective, 3)) by \(effective.effectiveTrials) "
            + "cluster\(effective.effectiveTrials == 1 ? "" : "s") of them"
    }

    private var groups: String {
        let p = sheet.performance
        let columns = sheet.groups.map { group in
            let rows = group.entries.map { entry in
                "<tr><th>\(entry.label)</th><td class=\"\(Markup.sign(entry.sign))\">\(Markup.number(entry.value))</td></tr>\n"
            }
            return "<table class=\"pairs\">\n<caption>\(group.name)</caption>\n\(rows.joined())</table>\n"
        }
        return """
            <section><h2>Metrics</h2>
            <p>By the definitions of the convention <b>\(p.profile.rawValue)</b>, \(Format.number(p.periodsPerYear, 0)) bars a year.</p>
            <div class="columns three">
            \(columns.joined())</div></section>

            """
    }
}
