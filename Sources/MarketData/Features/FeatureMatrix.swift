/// The values of features over a series: a row per bar and a column per feature, row after row in one array.
package struct FeatureMatrix: Sendable, Hashable {
    package let names: [FeatureName]
    /// The number of rows, which is that of the bars.
    package let rows: Int
    /// `rows` times `names.count` numbers; NaN where a feature has no value yet.
    package let values: [Double]

    /// Computes the features from the bars' adjusted prices.
    ///
    /// Row t depends on bars up to t only, and a column is NaN in its first `lookback` rows. Bars with prices of zero or below
    /// (which no imported dataset holds) may give NaN or infinite values, never an error. One pass a feature, O(rows) whatever
    /// its period.
    package static func compute(_ names: [FeatureName], of bars: Bars) -> FeatureMatrix {
        let rows = bars.count
        let width = names.count
        let values = [Double](unsafeUninitializedCapacity: rows * width) { buffer, count in
            buffer.initialize(repeating: .nan)
            count = rows * width
            guard rows > 0, let base = buffer.baseAddress else { return }
            let wantsReturns = names.contains { $0.family == .volatility || $0.family == .momentum }
            FeatureSeries.with(bars.adjusted(), wantsReturns: wantsReturns) { series in
                for (place, name) in names.enumerated() {
                    series.write(name, to: FeatureColumn(first: base + place, stride: width))
                }
            }
        }
        return FeatureMatrix(names: names, rows: rows, values: values)
    }

    /// Takes values that are already computed, row by row; `values.count` is a multiple of `names.count`.
    package init(names: [FeatureName], values: [Double]) {
        precondition(names.isEmpty ? values.isEmpty : values.count.isMultiple(of: names.count))
        self.init(names: names, rows: names.isEmpty ? 0 : values.count / names.count, values: values)
    }

    private init(names: [FeatureName], rows: Int, values: [Double]) {
        self.names = names
        self.rows = rows
        self.values = values
    }

    /// The number of columns.
    package var width: Int { names.count }

    /// The value of a row and column, both counted from 0.
    package subscript(row: Int, column: Int) -> Double { values[row * names.count + column] }

    /// One row, in the order of `names`.
    package func row(_ row: Int) -> ArraySlice<Double> { values[row * names.count..<(row + 1) * names.count] }

    /// One column.
    package func column(_ column: Int) -> [Double] { (0..<rows).map { self[$0, column] } }

    /// The rows of a range, as a matrix of their own.
    package func slice(_ range: Range<Int>) -> FeatureMatrix {
        FeatureMatrix(
            names: names, rows: range.count, values: Array(values[range.lowerBound * width..<range.upperBound * width]))
    }

    /// Whether every value of a row is a finite number.
    package func isComplete(_ row: Int) -> Bool { self.row(row).allSatisfy(\.isFinite) }

    /// Bars that have to come before the first row in which all of `names` have values.
    package static func lookback(of names: [FeatureName]) -> Int { names.map(\.lookback).max() ?? 0 }
}

/// Where the values of one feature go: a column of a matrix in rows.
struct FeatureColumn {
    let first: UnsafeMutablePointer<Double>
    let stride: Int

    subscript(row: Int) -> Double {
        @inline(__always) get { first[row * stride] }
        @inline(__always) nonmutating set { first[row * stride] = newValue }
    }
}
