/// Pearson's correlations of every two of several series of one length.
package struct CorrelationMatrix: Sendable, Hashable {
    /// The number of series.
    package let count: Int
    private let values: [Double]

    /// A constant series has correlation 0 with every other; so have series that are not of the first one's length.
    package init(_ series: [[Double]]) {
        let size = series.count
        let length = series.first?.count ?? 0
        // Scaled to mean 0 and length 1, a correlation is a plain product.
        var unit: [SIMD8<Double>] = []
        let width = (length + 7) / 8
        unit.reserveCapacity(size * width)
        for values in series { Self.append(values, length: length, width: width, to: &unit) }
        var matrix = [Double](repeating: 0, count: size * size)
        unit.withUnsafeBufferPointer { unit in
            for row in 0..<size {
                matrix[row * size + row] = 1
                for column in 0..<row {
                    var products = SIMD8<Double>()
                    for i in 0..<width { products += unit[row * width + i] * unit[column * width + i] }
                    let value = max(-1, min(1, products.sum()))
                    matrix[row * size + column] = value
                    matrix[column * size + row] = value
                }
            }
        }
        count = size
        values = matrix
    }

    package subscript(row: Int, column: Int) -> Double { values[row * count + column] }

    /// The mean of the correlations of two different series; NaN for fewer than two.
    package var meanOffDiagonal: Double {
        let pairs = Double(count) * Double(count - 1)
        return count > 1 ? (CompensatedSum.of(values) - Double(count)) / pairs : .nan
    }

    private static func append(_ values: [Double], length: Int, width: Int, to unit: inout [SIMD8<Double>]) {
        let moments = Moments(values)
        let norm = (moments.variance(ddof: 0) * Double(values.count)).squareRoot()
        let isKnown = values.count == length && norm > 0 && norm < .infinity
        for place in 0..<width {
            var part = SIMD8<Double>()
            for lane in 0..<8 where isKnown && place * 8 + lane < length {
                part[lane] = (values[place * 8 + lane] - moments.mean) / norm
            }
            unit.append(part)
        }
    }
}
