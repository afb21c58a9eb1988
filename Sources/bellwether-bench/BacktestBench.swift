import Backtest
import Foundation
import MarketData
import Statistics

/// What the backtest suite measures. Every part checks its results before it counts its time.
struct BacktestBench {
    /// Thrown when a result is not what it has to be: a figure of wrong results is worth nothing.
    struct Wrong: Error, CustomStringConvertible {
        let description: String
    }

    /// Every part by its name.
    private var parts: KeyValuePairs<String, () throws -> Void> {
        [
            "grid": grid, "sparse": sparse, "dense": dense, "logged": logged, "events": events, "portfolio": portfolio,
            "pbo": overfitting, "walkforward": walkForward, "stress": stress, "features": features,
        ]
    }

    /// Measures the parts named, all of them when none is.
    func run(_ names: [String]) throws {
        for (name, measure) in parts where names.isEmpty || names.contains(name) { try measure() }
    }

    static func check(_ holds: Bool, _ what: String) throws {
        guard holds else { throw Wrong(description: what) }
    }

    /// The shortest of `repeats` times that `body` takes, in seconds.
    func best(of repeats: Int, _ body: () throws -> Void) rethrows -> Double {
        var best = Double.infinity
        for _ in 0..<repeats {
            let begun = ContinuousClock.now
            try body()
            best = min(best, (ContinuousClock.now - begun) / .seconds(1))
        }
        return best
    }

    func report(_ name: String, _ value: Double, _ unit: String, _ more: (key: String, value: Double)) {
        Output.line(["name": .text(name), "value": .number(value), "unit": .text(unit), more.key: .number(more.value)])
    }

    /// A seeded random walk of daily bars; `volatility` is that of a bar.
    static func market(_ count: Int, seed: UInt64 = 1, volatility: Double = 0.01, symbol: String = "WALK") throws -> Bars {
        var generator = SplitMix64(seed: seed)
        var open: [Double] = [], high: [Double] = [], low: [Double] = [], close: [Double] = [], volume: [Double] = []
        var price = 100.0
        func cents(_ value: Double) -> Double { max(0.01, (value * 100).rounded() / 100) }
        for _ in 0..<count {
            let first = cents(price * (1 + volatility / 3 * generator.gaussian()))
            let last = cents(first * (1 + volatility * generator.gaussian()))
            open.append(first)
            close.append(last)
            high.append(cents(max(first, last) * (1 + volatility / 3 * generator.uniform())))
            low.append(cents(min(first, last) * (1 - volatility / 3 * generator.uniform())))
            volume.append((1_000_000 * (0.5 + generator.uniform())).rounded())
            // Far from where it began the walk turns back, so that prices stay prices.
            price = last > 400 || last < 25 ? 100 : last
        }
        return try Bars(
            symbol: symbol, time: (0..<count).map { 946_857_600_000 + Int64($0) * 86_400_000 }, open: open, high: high, low: low,
            close: close, adjustedClose: close, volume: volume)
    }
}
