/// The out-of-sample record of one trial or backtest: what a tear sheet is drawn from.
package struct ReportView: Codable, Sendable, Hashable {
    package var job: Int64
    package var trial: Int32
    package var parameters: [String: ParameterView]
    package var metrics: [String: Double]
    /// One a bar: time in milliseconds since 1970 UTC, simple return.
    package var times: [Int64]
    package var returns: [Double]
    package var trades: [TradeView]
    /// Returns of an equal share of every series, bought and held, one a bar; nil for a record of another version.
    package var benchmark: [Double]?
    package var deflatedSharpe: Double?
    /// How many trials it was picked from, and how many of them were on record for the dataset before the study.
    package var trialsCounted: Int?
    package var earlierTrials: Int?
    /// The walk-forward windows in order; nil for a backtest without.
    package var windows: [WindowView]?
    package init(
        job: Int64, trial: Int32, parameters: [String: ParameterView], metrics: [String: Double], times: [Int64],
        returns: [Double], trades: [TradeView], benchmark: [Double]? = nil, deflatedSharpe: Double?, trialsCounted: Int?,
        earlierTrials: Int? = nil,
        windows: [WindowView]? = nil
    ) {
        self.job = job
        self.trial = trial
        self.parameters = parameters
        self.metrics = metrics
        self.times = times
        self.returns = returns
        self.trades = trades
        self.benchmark = benchmark
        self.deflatedSharpe = deflatedSharpe
        self.trialsCounted = trialsCounted
        self.earlierTrials = earlierTrials
        self.windows = windows
    }
}

/// One walk-forward window of a report: which of its bars it tested, and how its train range went.
package struct WindowView: Codable, Sendable, Hashable {
    /// The place of its first tested bar in the report's times.
    package var start: Int
    /// How many bars it tested.
    package var bars: Int
    /// The Sharpe ratio in its train range, run alone.
    package var trainSharpe: Double?
    package init(start: Int, bars: Int, trainSharpe: Double?) {
        self.start = start
        self.bars = bars
        self.trainSharpe = trainSharpe
    }
}

/// A closed trade; `shares` is negative for a short position.
package struct TradeView: Codable, Sendable, Hashable {
    package var symbol: String
    package var entryTime: Int64
    package var exitTime: Int64
    package var entryPrice: Double
    package var exitPrice: Double
    package var shares: Double
    package var pnl: Double
    package var `return`: Double
    /// Why it ended, such as `stopLoss`; nil in a record of another version.
    package var exitReason: String?
    /// In money; nil in a record of another version.
    package var commission: Double?
    package init(
        symbol: String, entryTime: Int64, exitTime: Int64, entryPrice: Double, exitPrice: Double, shares: Double, pnl: Double,
        return: Double, exitReason: String? = nil, commission: Double? = nil
    ) {
        self.symbol = symbol
        self.entryTime = entryTime
        self.exitTime = exitTime
        self.entryPrice = entryPrice
        self.exitPrice = exitPrice
        self.shares = shares
        self.pnl = pnl
        self.return = `return`
        self.exitReason = exitReason
        self.commission = commission
    }
}
