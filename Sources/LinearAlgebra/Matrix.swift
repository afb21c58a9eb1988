/// A matrix of doubles, row after row in one array.
package struct Matrix: Sendable, Hashable {
    package let rows: Int
    package let columns: Int
    /// `rows` times `columns` numbers.
    package private(set) var values: [Double]

    /// Takes `values` row by row. Throws `E_MATRIX_SHAPE` when there are not rows x columns of them.
    package init(rows: Int, columns: Int, values: [Double]) throws(LinearAlgebraError) {
        let (count, overflow) = rows.multipliedReportingOverflow(by: columns)
        guard rows >= 0, columns >= 0, rows <= BLAS.maximumSide, columns <= BLAS.maximumSide, !overflow, count == values.count
        else {
            throw LinearAlgebraError(.shape, "\(values.count) values do not make a matrix of \(rows) x \(columns)")
        }
        self.init(unchecked: rows, columns, values)
    }

    /// A matrix with the same number everywhere; the sizes are not negative.
    package init(rows: Int, columns: Int, repeating value: Double) {
        precondition((0...BLAS.maximumSide).contains(rows) && (0...BLAS.maximumSide).contains(columns))
        self.init(unchecked: rows, columns, [Double](repeating: value, count: rows * columns))
    }

    /// Takes values that are known to fit.
    init(unchecked rows: Int, _ columns: Int, _ values: [Double]) {
        self.rows = rows
        self.columns = columns
        self.values = values
    }

    /// The identity matrix of a size.
    package static func identity(_ side: Int) -> Matrix {
        var matrix = Matrix(rows: side, columns: side, repeating: 0)
        for i in 0..<side { matrix[i, i] = 1 }
        return matrix
    }

    /// The element in a row and a column, both counted from 0.
    package subscript(row: Int, column: Int) -> Double {
        get { values[row * columns + column] }
        set { values[row * columns + column] = newValue }
    }

    /// One row.
    package func row(_ row: Int) -> ArraySlice<Double> { values[row * columns..<(row + 1) * columns] }

    /// The matrix with rows and columns exchanged.
    package var transposed: Matrix {
        var result = Matrix(rows: columns, columns: rows, repeating: 0)
        for i in 0..<rows {
            for j in 0..<columns { result[j, i] = self[i, j] }
        }
        return result
    }

    /// Calls `body` with the elements, row by row.
    package func withUnsafeElements<R, E: Error>(_ body: (UnsafeBufferPointer<Double>) throws(E) -> R) throws(E) -> R {
        try values.withUnsafeBufferPointer(body)
    }

    /// Calls `body` with the elements, row by row, to change in place.
    package mutating func withUnsafeMutableElements<R, E: Error>(
        _ body: (inout UnsafeMutableBufferPointer<Double>) throws(E) -> R
    ) throws(E) -> R {
        try values.withUnsafeMutableBufferPointer(body)
    }
}
