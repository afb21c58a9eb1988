import Diagnostics
package import MarketData
import Statistics

/// The search for a look ahead by experiment: change what comes after a bar, and see whether anything at or before it changes.
///
/// Each trial takes a random bar t and runs the strategy twice more. Once on bars whose prices and volumes after t are others:
/// no column and no fill at or before t may differ. Once with bar t's own high, low, close and volume changed too: no column
/// before t and no fill at or before t may differ, since a fill in bar t was decided on the close before it.
package struct Certification: Sendable, Hashable {
    /// Something that depended on what came after it.
    package struct Leak: Sendable, Hashable {
        /// The column, or `fill`.
        package let what: String
        /// The bar at which it changed.
        package let bar: Int
        /// The first bar that was changed.
        package let changedFrom: Int

        package init(what: String, bar: Int, changedFrom: Int) {
            self.what = what
            self.bar = bar
            self.changedFrom = changedFrom
        }

        /// Of each kind the leak that is nearest to its cause: that one says most.
        package static func nearest(_ leaks: [Leak]) -> [Leak] {
            var names: Set<String> = []
            return leaks.sorted { ($0.changedFrom - $0.bar, $0.bar, $0.what) < ($1.changedFrom - $1.bar, $1.bar, $1.what) }
                .filter { names.insert($0.what).inserted }
        }
    }

    /// How often the future was changed.
    package let trials: Int
    /// The leaks found, of each column and of the fills the first.
    package let leaks: [Leak]

    package var isClean: Bool { leaks.isEmpty }

    /// Tries `trials` bars of `bars` on the strategy that `trace` runs.
    ///
    /// Throws what `trace` throws, and `E_CERTIFY_BARS` for fewer than three bars or no trial, and for a strategy that does
    /// something else each time on the same bars.
    package init(
        bars: Bars, trials: Int, seed: UInt64, trace: (Bars) throws -> StrategyTrace
    ) throws {
        try self.init(bars: bars, trials: 0..<max(0, trials), seed: seed, trace: trace)
    }

    /// The same for some of the trials, by their numbers: the bar of a trial depends on its number and the seed only.
    package init(
        bars: Bars, trials: Range<Int>, seed: UInt64, trace: (Bars) throws -> StrategyTrace
    ) throws {
        guard bars.count > 2, !trials.isEmpty else {
            throw BacktestError(
                .certifyBars, "\(trials.count) trials on \(bars.count) bars tell nothing",
                hint: "use at least one trial and three bars"
            )
        }
        let original = try trace(bars)
        let again = try trace(bars)
        guard
            again.columns.map(\.name) == original.columns.map(\.name),
            Self.differences(original, again, columnsUpTo: .max, fillsUpTo: .max, changedFrom: 0).isEmpty
        else {
            throw BacktestError(
                .certifyBars, "the strategy does something else each time on the same bars",
                hint: "draw from a generator with a fixed seed")
        }
        var found: [Leak] = []
        for trial in trials {
            var generator = SplitMix64(seed: Seed.derive(seed, UInt64(trial)))
            let bar = 1 + Int(generator.integer(below: UInt64(bars.count - 2)))
            let after = try trace(bars.changed(from: bar + 1, keepingOpen: false, &generator))
            found += Self.differences(original, after, columnsUpTo: bar, fillsUpTo: bar, changedFrom: bar + 1)
            let within = try trace(bars.changed(from: bar, keepingOpen: true, &generator))
            found += Self.differences(original, within, columnsUpTo: bar - 1, fillsUpTo: bar, changedFrom: bar)
        }
        self.trials = trials.count
        leaks = Leak.nearest(found)
    }

    private static func differences(
        _ one: StrategyTrace, _ other: StrategyTrace, columnsUpTo lastColumn: Int, fillsUpTo lastFill: Int, changedFrom: Int
    ) -> [Leak] {
        var leaks: [Leak] = []
        for (a, b) in zip(one.columns, other.columns) {
            let last = min(lastColumn, a.values.count - 1, b.values.count - 1)
            let bar = (0...max(0, last)).first { $0 <= last && a.values[$0].bitPattern != b.values[$0].bitPattern }
            if let bar { leaks.append(Leak(what: a.name, bar: bar, changedFrom: changedFrom)) }
        }
        let before = one.fills.filter { $0.bar <= lastFill }, after = other.fills.filter { $0.bar <= lastFill }
        if before != after {
            let shared = zip(before, after).prefix { $0 == $1 }.count
            let bar = (shared < before.count ? before[shared].bar : .max, shared < after.count ? after[shared].bar : .max)
            leaks.append(Leak(what: "fill", bar: min(bar.0, bar.1), changedFrom: changedFrom))
        }
        return leaks
    }
}

extension Bars {
    /// The series with other prices and volumes from `first` on: each bar's are scaled by a random factor of its own. With
    /// `keepingOpen` the first changed bar keeps its open.
    fileprivate func changed(
        from first: Int, keepingOpen: Bool, _ generator: inout SplitMix64
    ) throws(BacktestError) -> Bars {
        var open = open, high = high, low = low, close = close, adjusted = adjustedClose, volume = volume
        for bar in first..<count {
            let factor = PortableMath.exp(0.3 * (generator.uniform() - 0.5))
            close[bar] *= factor
            adjusted[bar] *= factor
            if bar > first || !keepingOpen { open[bar] *= PortableMath.exp(0.3 * (generator.uniform() - 0.5)) }
            high[bar] = max(open[bar], close[bar]) * (1 + 0.05 * generator.uniform())
            low[bar] = min(open[bar], close[bar]) * (1 - 0.05 * generator.uniform())
            volume[bar] = (volume[bar] + 1) * (0.5 + generator.uniform())
        }
        do throws(MarketDataError) {
            return try Bars(
                symbol: symbol, time: time, open: open, high: high, low: low, close: close, adjustedClose: adjusted,
                volume: volume)
        } catch {
            throw BacktestError(.certifyBars, error.message, place: error.place)
        }
    }
}
