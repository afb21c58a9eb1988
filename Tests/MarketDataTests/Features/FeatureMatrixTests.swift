import Foundation
import MarketData
import Statistics
import TestSupport
import Testing

@Suite struct FeatureMatrixTests {
    /// Two sums of the same numbers in another order; the features divide out scales, so absolute and relative go together.
    private func near(_ a: Double, _ b: Double, _ tolerance: Double) -> Bool { abs(a - b) <= tolerance * max(1, abs(b)) }

    private func check(_ table: FeatureFixtures.Table, _ bars: Bars, tolerance: Double) throws -> Int {
        let names = try FeatureName.parse(table.names)
        let matrix = FeatureMatrix.compute(names, of: bars)
        var compared = 0
        for (place, name) in names.enumerated() {
            let column = try #require(table.names.firstIndex(of: name.description))
            #expect(name.lookback == table.firstDefined[column], "\(name)")
            for (row, values) in zip(table.rows, table.values) {
                if let expected = values[column] {
                    #expect(
                        near(matrix[row, place], expected, tolerance),
                        "\(name) row \(row): \(matrix[row, place]) is not \(expected)")
                    compared += 1
                } else {
                    #expect(matrix[row, place].isNaN, "\(name) row \(row)")
                }
            }
        }
        return compared
    }

    @Test("features of a synthetic series with a split and a dividend equal those of NumPy and pandas")
    func synthetic() throws {
        let data = try FeatureFixtures.reference("features.json")
        let table = try JSONDecoder().decode(FeatureFixtures.Table.self, from: data)
        let columns = try JSONDecoder().decode(FeatureFixtures.Columns.self, from: data).bars
        let bars = try FeatureFixtures.series(
            open: columns.open, high: columns.high, low: columns.low, close: columns.close, adjusted: columns.adjusted,
            volume: columns.volume)
        #expect(try check(table, bars, tolerance: 1e-12) > 500)
    }

    @Test("features of the S&P 500 equal those of NumPy and pandas")
    func standardAndPoor() throws {
        guard let path = SharedData.file("spx-daily.csv") else { return try synthetic() }
        let table = try JSONDecoder().decode(FeatureFixtures.Table.self, from: FeatureFixtures.reference("features-spx.json"))
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(whereSeparator: \.isNewline).dropFirst()
        let cells = lines.map { $0.split(separator: ",").dropFirst().compactMap { Double($0) } }
        let bars = try FeatureFixtures.series(
            open: cells.map { $0[0] }, high: cells.map { $0[1] }, low: cells.map { $0[2] }, close: cells.map { $0[3] },
            adjusted: cells.map { $0[4] }, volume: cells.map { $0[5] })
        // pandas' rolling sums of volumes near 1e10 are themselves good to about 1e-12.
        #expect(try check(table, bars, tolerance: 1e-11) > 180)
    }

    @Test("bars after t change nothing in rows up to t, to the bit")
    func causal() throws {
        let bars = try FeatureFixtures.walk(260, seed: 3)
        let other = try FeatureFixtures.walk(260, seed: 4)
        let whole = FeatureMatrix.compute(FeatureFixtures.all, of: bars)
        for t in [0, 1, 50, 104, 129, 130, 200, 258] {
            let kept = 0...t
            func mix(_ a: [Double], _ b: [Double]) -> [Double] { Array(a[kept]) + b[(t + 1)...].map { $0 * 7 } }
            let changed = try FeatureFixtures.series(
                open: mix(bars.open, other.open), high: mix(bars.high, other.high), low: mix(bars.low, other.low),
                close: mix(bars.close, other.close), adjusted: mix(bars.adjustedClose, other.adjustedClose),
                volume: mix(bars.volume, other.volume))
            let matrix = FeatureMatrix.compute(FeatureFixtures.all, of: changed)
            let last = (t + 1) * whole.width
            #expect(whole.values[..<last].map(\.bitPattern) == matrix.values[..<last].map(\.bitPattern), "t = \(t)")
            #expect(whole.values[last...].map(\.bitPattern) != matrix.values[last...].map(\.bitPattern))
            let cut = FeatureMatrix.compute(FeatureFixtures.all, of: bars.slice(0..<t + 1))
            #expect(whole.values[..<last].map(\.bitPattern) == cut.values.map(\.bitPattern), "cut after t = \(t)")
        }
    }

    @Test("each column begins after exactly its lookback, and depends on no bar before it")
    func lookback() throws {
        let bars = try FeatureFixtures.walk(400, seed: 9)
        for name in FeatureFixtures.all {
            let whole = FeatureMatrix.compute([name], of: bars)
            #expect((0..<name.lookback).allSatisfy { whole[$0, 0].isNaN }, "\(name)")
            #expect((name.lookback..<400).allSatisfy { whole[$0, 0].isFinite }, "\(name)")
            for end in [300, 347, 399] {
                let start = end - name.lookback
                let clipped = FeatureMatrix.compute([name], of: bars.slice(start..<end + 1))
                #expect(near(clipped[name.lookback, 0], whole[end, 0], 1e-12), "\(name) at \(end)")
                if name.lookback > 0 {
                    #expect(
                        FeatureMatrix.compute([name], of: bars.slice(start + 1..<end + 1)).values.allSatisfy { $0.isNaN },
                        "\(name)")
                }
            }
        }
    }

    @Test("sliding windows of every length agree with windows summed one by one")
    func everyLength() throws {
        let bars = try FeatureFixtures.walk(120, seed: 21).adjusted()
        for n in 2...60 {
            let names = try FeatureName.parse(["sma_ratio_\(n)", "zscore_\(n)", "drawdown_\(n)", "stochastic_\(n)"])
            let matrix = FeatureMatrix.compute(names, of: bars)
            for t in n - 1..<120 {
                let window = Array(bars.close[t - n + 1...t])
                let mean = window.reduce(0, +) / Double(n)
                let deviation = (window.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(n)).squareRoot()
                let high0 = try #require(window.max())
                let low = try #require(bars.low[t - n + 1...t].min()), high = try #require(bars.high[t - n + 1...t].max())
                let expected = [
                    bars.close[t] / mean - 1, (bars.close[t] - mean) / deviation, bars.close[t] / high0 - 1,
                    (bars.close[t] - low) / (high - low),
                ]
                for place in 0..<4 { #expect(near(matrix[t, place], expected[place], 1e-11), "\(names[place]) row \(t)") }
            }
        }
    }

    @Test("a huge value leaves no trace once it has left the window")
    func residue() throws {
        let quiet = try FeatureFixtures.walk(400, seed: 5).adjusted()
        func spiked(_ values: [Double]) -> [Double] {
            var values = values
            values[120] *= 1e12
            return values
        }
        let loud = try FeatureFixtures.series(
            open: spiked(quiet.open), high: spiked(quiet.high), low: spiked(quiet.low), close: spiked(quiet.close),
            volume: spiked(quiet.volume))
        let before = FeatureMatrix.compute(FeatureFixtures.all, of: quiet)
        let after = FeatureMatrix.compute(FeatureFixtures.all, of: loud)
        for (place, name) in FeatureFixtures.all.enumerated() {
            for row in 121 + name.lookback..<400 {
                #expect(before[row, place].bitPattern == after[row, place].bitPattern, "\(name) row \(row)")
            }
        }
    }

    @Test("where nothing moves and nothing is traded, every feature has its neutral value")
    func flat() throws {
        let price = [Double](repeating: 41.7, count: 200)
        let bars = try FeatureFixtures.series(
            open: price, high: price, low: price, close: price, volume: [Double](repeating: 0, count: 200))
        let neutral: [FeatureFamily: Double] = [.rsi: 50, .bollinger: 0.5, .stochastic: 0.5]
        let matrix = FeatureMatrix.compute(FeatureFixtures.all, of: bars)
        for (place, name) in FeatureFixtures.all.enumerated() {
            for row in name.lookback..<200 {
                #expect(near(matrix[row, place], neutral[name.family] ?? 0, 1e-14), "\(name) row \(row): \(matrix[row, place])")
            }
        }
    }

    @Test("prices and volumes in other units give the same features")
    func scaleFree() throws {
        let bars = try FeatureFixtures.walk(300, seed: 6).adjusted()
        func scaled(_ values: [Double], _ factor: Double) -> [Double] { values.map { $0 * factor } }
        let other = try FeatureFixtures.series(
            open: scaled(bars.open, 1_024), high: scaled(bars.high, 1_024), low: scaled(bars.low, 1_024),
            close: scaled(bars.close, 1_024),
            volume: scaled(bars.volume, 4_096))
        let a = FeatureMatrix.compute(FeatureFixtures.all, of: bars)
        let b = FeatureMatrix.compute(FeatureFixtures.all, of: other)
        // Powers of two scale without rounding.
        #expect(a.values.map(\.bitPattern) == b.values.map(\.bitPattern))
    }

    @Test("series that are empty, short or hold impossible prices never trap")
    func degenerate() throws {
        for count in 0..<4 {
            let bars = try FeatureFixtures.walk(max(count, 1), seed: 1).slice(0..<count)
            let matrix = FeatureMatrix.compute(FeatureFixtures.all, of: bars)
            #expect(matrix.rows == count && matrix.values.count == count * FeatureFixtures.all.count)
        }
        #expect(FeatureMatrix.compute([], of: try FeatureFixtures.walk(5, seed: 1)).values.isEmpty)
        let odd: [Double] = [0, -1, .nan, .infinity, -.infinity, .greatestFiniteMagnitude, .leastNonzeroMagnitude, 100]
        let values = (0..<240).map { odd[$0 % odd.count] }
        let bars = try FeatureFixtures.series(open: values, high: values, low: values, close: values, volume: values)
        #expect(FeatureMatrix.compute(FeatureFixtures.all, of: bars).values.count == 240 * FeatureFixtures.all.count)
    }

    @Test("rows, columns and slices address the same numbers")
    func access() throws {
        let names = try FeatureName.parse(["return_1", "gap"])
        let matrix = FeatureMatrix(names: names, values: [1, 2, 3, .nan, 5, 6])
        #expect(matrix.rows == 3 && matrix.width == 2)
        #expect(Array(matrix.row(2)) == [5, 6])
        #expect(matrix.column(0) == [1, 3, 5])
        #expect(matrix.isComplete(0) && !matrix.isComplete(1))
        #expect(matrix.slice(2..<3) == FeatureMatrix(names: names, values: [5, 6]))
    }
}
