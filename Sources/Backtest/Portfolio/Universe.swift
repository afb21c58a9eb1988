import Diagnostics
package import MarketData

/// The series that a portfolio trades, on one calendar: the times of all their bars.
///
/// Where a series has no bar it is not traded and keeps its last close; before its first bar its prices are NaN. A series whose
/// bars end before the calendar does is delisted: it is settled at its last close, which is taken as announced.
///
/// Series are traded in adjusted prices, unless they have instruments: then in those of the market, in whole numbers of the
/// instruments' steps, and splits and dividends are booked. What a strategy sees of such a portfolio is in units and lots.
package struct Universe: Sendable {
    /// Milliseconds since 1970, rising.
    package let times: [Int64]
    /// Each series on the calendar, in the prices that are traded.
    let series: [Bars]
    /// Whether each series has a bar of its own, by bar of the calendar; nil for one that has all of them.
    private let isPresent: [[Bool]?]
    /// The bar after whose close each series is gone; nil for one that lasts.
    let delisted: [Int?]
    /// The adjusted close of each series at every bar of the calendar, which returns are taken of.
    let adjusted: [[Double]]
    /// The steps of each series; nil when they are traded in any fraction.
    let steps: [Steps]?
    /// What is booked before each bar of each series with an instrument.
    let actions: [[Int: CorporateAction]]

    /// Puts series on one calendar. `lasts` are the times of each series' very last bars, when what is given is only a part;
    /// `instruments` has one for each series, or is nil.
    ///
    /// Throws `E_PORTFOLIO_EMPTY`, `E_BAR_TIME`, `E_BAR_PRICE` and `E_INSTRUMENT`.
    package init(_ series: [Bars], lasts: [Int64]? = nil, instruments: [Instrument]? = nil) throws(BacktestError) {
        guard !series.isEmpty else { throw BacktestError(.portfolioEmpty, "a portfolio needs at least one series") }
        for bars in series { try Self.checkTimes(of: bars) }
        let unit = try instruments.map { instruments throws(BacktestError) in
            try Self.unit(of: instruments, count: series.count)
        }
        let times = Dataset.calendar(of: series.map(\.time))
        var aligned: [Bars] = []
        var present: [[Bool]?] = []
        var delisted: [Int?] = []
        var adjusted: [[Double]] = []
        var actions: [[Int: CorporateAction]] = []
        for (number, bars) in series.enumerated() {
            var prices = try PricedBars(bars).bars
            let (closes, _) = try Self.align(prices, to: times)
            adjusted.append(closes.close)
            if let instruments, let unit {
                prices = try Self.stepped(bars, instruments[number], unit: unit)
                let places = Dataset.places(of: bars.time, on: times)
                let booked = bars.corporateActions().enumerated().compactMap { bar, action in
                    action.map { (places?[bar] ?? bar, $0.scaled(instruments[number].lot / unit)) }
                }
                actions.append(Dictionary(booked, uniquingKeysWith: { first, _ in first }))
            }
            let (line, isPresent) = try Self.align(prices, to: times)
            aligned.append(line)
            present.append(isPresent)
            let last = lasts.map { $0.indices.contains(number) ? $0[number] : .max } ?? bars.time.last ?? .max
            delisted.append(times.last.map { last < $0 } == true ? isPresent?.lastIndex(of: true) ?? nil : nil)
        }
        self.times = times
        self.series = aligned
        self.isPresent = present
        self.delisted = delisted
        self.adjusted = adjusted
        self.actions = actions
        steps = unit.flatMap { unit in instruments.map { $0.map { Steps(unit: unit, lot: $0.lot) } } }
    }

    /// The number of bars of the calendar.
    package var count: Int { times.count }

    package var symbols: [String] { series.map(\.symbol) }

    /// The last close of each series at every bar of the calendar; NaN before its first bar.
    package var closes: [[Double]] { series.map(\.close) }

    @inline(__always)
    func isTraded(_ number: Int, _ bar: Int) -> Bool { isPresent[number]?[bar] ?? true }

    /// One value for each bar of a series, carried on over the bars that it lacks; zero before its first bar, and once it is
    /// delisted. Throws `E_TARGETS_COUNT` unless there is one for each bar, and `E_TARGET_NOT_FINITE`.
    func carried(_ values: [Double], of number: Int) throws(BacktestError) -> [Double] {
        let own = isPresent[number].map { $0.count { $0 } } ?? count
        guard values.count == own else {
            throw BacktestError(.targetsCount, "\(values.count) targets for \(own) bars of \(series[number].symbol)")
        }
        if let i = values.firstIndex(where: { !$0.isFinite }) {
            throw BacktestError(.targetNotFinite, "the target is \(values[i])", place: .offset(i))
        }
        guard isPresent[number] != nil || delisted[number] != nil else { return values }
        var next = 0
        return times.indices.map { bar in
            if isTraded(number, bar) { next += 1 }
            return next == 0 || delisted[number].map { bar >= $0 } == true ? 0 : values[next - 1]
        }
    }

    /// The money of one unit in which the run counts; 1 without instruments.
    var unit: Double { steps?.first?.unit ?? 1 }

    private static func unit(of instruments: [Instrument], count: Int) throws(BacktestError) -> Double {
        guard instruments.count == count else {
            throw BacktestError(
                .instrument, "there are instruments for \(instruments.count) of \(count) series",
                hint: "money is whole when every series has one")
        }
        for instrument in instruments { try instrument.validate() }
        return Instrument.unit(of: instruments)
    }

    /// Prices in units for a lot, each a whole number; volume in lots.
    private static func stepped(_ bars: Bars, _ instrument: Instrument, unit: Double) throws(BacktestError) -> Bars {
        try Engine.checkPrices(of: bars)
        let factor = instrument.factor(unit: unit)
        func whole(_ prices: [Double]) -> [Double] { prices.map { ($0 / instrument.tick).rounded() * factor } }
        let stepped: Bars
        do throws(MarketDataError) {
            stepped = try Bars(
                symbol: bars.symbol, time: bars.time, open: whole(bars.open), high: whole(bars.high), low: whole(bars.low),
                close: whole(bars.close), adjustedClose: whole(bars.close), volume: bars.volume.map { $0 / instrument.lot })
        } catch {
            throw BacktestError(.barTime, error.message, place: error.place)
        }
        guard stepped.low.allSatisfy({ $0 > 0 && $0 < Steps.largest }), stepped.high.allSatisfy({ $0 < Steps.largest }) else {
            throw BacktestError(
                .instrument, "a price of \(bars.symbol) is less than a tick of \(instrument.tick), or too many of them",
                hint: "the tick is the smallest step of the price")
        }
        return stepped
    }

    private static func align(_ bars: Bars, to times: [Int64]) throws(BacktestError) -> (Bars, [Bool]?) {
        if bars.time == times { return (bars, nil) }
        var columns = [[Double]](repeating: [], count: 5)
        var present: [Bool] = []
        var next = 0
        var last = Double.nan
        for time in times {
            let isHere = next < bars.count && bars.time[next] == time
            if isHere {
                last = bars.close[next]
                for (place, column) in [bars.open, bars.high, bars.low, bars.close, bars.volume].enumerated() {
                    columns[place].append(column[next])
                }
                next += 1
            } else {
                for place in 0..<4 { columns[place].append(last) }
                columns[4].append(0)
            }
            present.append(isHere)
        }
        do throws(MarketDataError) {
            let aligned = try Bars(
                symbol: bars.symbol, time: times, open: columns[0], high: columns[1], low: columns[2], close: columns[3],
                adjustedClose: columns[3], volume: columns[4])
            return (aligned, present)
        } catch {
            throw BacktestError(.barTime, error.message, place: error.place)
        }
    }

    private static func checkTimes(of bars: Bars) throws(BacktestError) {
        for i in bars.time.indices.dropFirst() where bars.time[i] <= bars.time[i - 1] {
            throw BacktestError(
                .barTime, "bars of \(bars.symbol) are not in order of time",
                place: .row(file: bars.symbol, row: i + 1, column: "time"))
        }
    }
}
