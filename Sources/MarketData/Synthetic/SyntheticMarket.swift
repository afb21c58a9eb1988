import Diagnostics
import Statistics

/// A made-up market of daily bars with the habits of a real one, the same bytes for the same options on every machine.
///
/// A common factor follows a Markov chain of regimes (bull, bear, crisis) with volatility clustering and rare jumps; each
/// symbol's return is its beta times the factor plus a part of its own with clustering and jumps. Bars are Monday to Friday,
/// stamped at midnight UTC, without holidays. A symbol's series does not depend on which others come after it.
/// Only IEEE basic operations and `PortableMath` are used.
package struct SyntheticMarket: Sendable, Hashable {
    package var seed: UInt64
    package var symbols: [String]
    /// Bars of each symbol.
    package var bars: Int
    /// The first bar is on this day, or on the Monday after it when it is a weekend.
    package var start: CivilDate
    /// Prices are rounded to this many decimals, 0 to 6.
    package var decimals: Int
    /// About the correlation between daily returns of two symbols, 0 to 0.95, before jumps.
    package var correlation: Double
    /// Long-run volatility of a symbol a year, above 0 up to 2.
    package var annualVolatility: Double
    /// Jumps of a symbol a year on average, 0 to 50.
    package var annualJumps: Double
    package var shift: RegimeShift?

    /// The most bars of all symbols together.
    package static let maximumRows = 20_000_000

    package init(
        seed: UInt64, symbols: [String] = ["AAA", "BBB", "CCC", "DDD"], bars: Int = 2520,
        start: CivilDate = CivilDate(daysSince1970: 10_959), decimals: Int = 4, correlation: Double = 0.5,
        annualVolatility: Double = 0.2, annualJumps: Double = 2, shift: RegimeShift? = nil
    ) {
        self.seed = seed
        self.symbols = symbols
        self.bars = bars
        self.start = start
        self.decimals = decimals
        self.correlation = correlation
        self.annualVolatility = annualVolatility
        self.annualJumps = annualJumps
        self.shift = shift
    }

    /// The whole market. Throws `E_SYNTHETIC` for options outside their limits, `E_NAME` or `E_SCHEMA` for symbols.
    package func generate() throws(MarketDataError) -> Dataset {
        try check()
        let days = businessDays()
        let factor = factorPath()
        var series: [Bars] = []
        for (index, symbol) in symbols.enumerated() {
            var path = SymbolPath(market: self, index: index)
            series.append(path.bars(symbol: symbol, days: days, factor: factor))
        }
        return try Dataset(series: series)
    }

    private func check() throws(MarketDataError) {
        let limits: [(String, Bool, String)] = [
            ("symbols", !symbols.isEmpty && symbols.count <= 10_000, "1 to 10000 symbols"),
            ("bars", bars >= 1 && bars <= Self.maximumRows / max(1, symbols.count), "1 to \(Self.maximumRows) bars in all"),
            ("start", start.year >= 1900 && lastYear <= 9999, "a start from 1900 and an end before the year 10000"),
            ("decimals", (0...6).contains(decimals), "0 to 6 decimals"),
            ("correlation", correlation >= 0 && correlation <= 0.95, "a correlation of 0 to 0.95"),
            ("annualVolatility", annualVolatility > 0 && annualVolatility <= 2, "a volatility above 0 up to 2"),
            ("annualJumps", annualJumps >= 0 && annualJumps <= 50, "0 to 50 jumps a year"),
            ("shift", shift.map(Self.isSound) ?? true, "a shift with a drift of -100 to 100 and a volatility above 0 up to 20"),
        ]
        for (key, isWithin, rule) in limits where !isWithin {
            throw MarketDataError(.synthetic, "the synthetic market needs \(rule)", place: .key("/\(key)"))
        }
        for symbol in symbols { try Symbol.check(symbol) }
    }

    private static func isSound(_ shift: RegimeShift) -> Bool {
        shift.fromBar >= 0 && abs(shift.drift) <= 100 && shift.volatility > 0 && shift.volatility <= 20
    }

    private var lastYear: Int { start.year + min(max(bars, 0), Self.maximumRows) / 260 + 1 }

    /// The days of the bars as days since 1970.
    private func businessDays() -> [Int] {
        var days: [Int] = []
        days.reserveCapacity(bars)
        var day = start.daysSince1970
        while days.count < bars {
            if CivilDate.weekday(daysSince1970: day) <= 5 { days.append(day) }
            day += 1
        }
        return days
    }

    /// What all symbols share on one day.
    struct FactorDay {
        /// The return of the common factor.
        var move: Double
        /// The regime's multiple of volatilities.
        var volatility: Double
    }

    /// The part of a symbol's daily volatility that comes from the factor.
    var dailyFactorVolatility: Double { annualVolatility * correlation.squareRoot() / Self.yearRoot }
    /// The part that is its own.
    var dailyOwnVolatility: Double { annualVolatility * (1 - correlation).squareRoot() / Self.yearRoot }

    /// Bars a year and its square root.
    static let year = 252.0
    private static let yearRoot = 252.0.squareRoot()

    private func factorPath() -> [FactorDay] {
        var random = SplitMix64(seed: Seed.derive(seed, 0))
        var process = VolatilityProcess(level: dailyFactorVolatility)
        var regime = MarketRegime.bull
        var path: [FactorDay] = []
        path.reserveCapacity(bars)
        for bar in 0..<bars {
            regime = regime.next(random.uniform())
            let isShifted = shift.map { bar >= $0.fromBar } ?? false
            let volatility = regime.volatility * (isShifted ? shift?.volatility ?? 1 : 1)
            let drift = regime.annualDrift / Self.year * (isShifted ? shift?.drift ?? 1 : 1)
            // Once in about four years the whole market falls at once.
            let falls = random.uniform() < 0.001
            let size = random.gaussian()
            let fall = falls ? -3 * dailyFactorVolatility * (1 + abs(size)) : 0
            path.append(FactorDay(move: drift + volatility * process.shock(random.gaussian()) + fall, volatility: volatility))
        }
        return path
    }
}
