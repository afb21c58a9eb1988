import MarketData

/// The columns that a rule names, each computed once.
struct RuleColumns {
    private let bars: Bars
    private var known: [RuleSeries: [Double]] = [:]

    /// Takes adjusted bars.
    init(_ bars: Bars) { self.bars = bars }

    var count: Int { bars.count }

    subscript(series: RuleSeries) -> [Double] {
        mutating get {
            if let values = known[series] { return values }
            let values = series.values(bars)
            known[series] = values
            return values
        }
    }
}
