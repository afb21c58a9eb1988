/// The Sharpe ratios of all trials of a study, and what the best of them would reach by luck.
struct TrialChart: Chart {
    let title = "Trials by Sharpe ratio"
    let note: String
    private let histogram: Histogram
    private let own: Double
    private let threshold: Double?
    private let trials: Int

    /// Nil without two trials that have a Sharpe ratio.
    init?(_ sheet: TearSheet) {
        let known = sheet.trialSharpes.filter(\.isFinite)
        guard known.count > 1, let histogram = Histogram(known, bins: 20) else { return nil }
        self.histogram = histogram
        own = sheet.performance.sharpe
        trials = max(sheet.trials ?? 0, sheet.trialSharpes.count)
        threshold = sheet.luckySharpe
        let earlier = sheet.earlierTrials ?? 0
        let without = trials - known.count - earlier
        note =
            "Annual, out of sample"
            + (without > 0 ? "; \(without) of \(trials) trials have none, and count all the same." : "; all \(trials) trials.")
            + (earlier > 0 ? " \(earlier) of them were before this study and are not drawn." : "")
    }

    func svg(width: Double) -> String {
        let places = [histogram.start, histogram.end, own, threshold ?? own].filter(\.isFinite)
        let margin = histogram.width
        var plot = Plot(
            width: width, height: 230, x: ((places.min() ?? 0) - margin)...((places.max() ?? 0) + margin),
            y: 0...Ticks.rounded(0, Double(max(1, histogram.highest)), count: 4).upperBound)
        plot.top = 40
        plot.levels(count: min(4, max(1, histogram.highest)), strong: 0) { Format.number($0, $1.decimals) }
        for (bin, count) in histogram.counts.enumerated() where count > 0 {
            let (low, high) = histogram.edges(bin)
            plot.bar(low, high, to: Double(count), "bar")
        }
        plot.values { Format.number($0, $1.decimals) }
        plot.marks([
            (own, "this trial \(Markup.number(Format.number(own)))", "own"),
            (threshold ?? .nan, "best of \(trials) by luck \(Format.number(threshold ?? .nan))", "threshold"),
        ])
        return plot.svg(title)
    }
}
