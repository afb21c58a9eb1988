import Foundation

/// The lower triangular factor L of a positive definite matrix, A = L Lᵀ, that rows can be added to.
package struct CholeskyFactor: Sendable {
    package private(set) var order = 0
    /// The rows of L one after the other, each up to its diagonal.
    private var entries: [Double] = []

    package init() {}

    /// The factor of the matrix whose lower half is `rows`, each up to its diagonal, one after the other; nil when the matrix is
    /// not positive definite to working precision.
    package init?(rows: [Double], order: Int) {
        entries = rows
        self.order = order
        let isPositive = entries.withUnsafeMutableBufferPointer { buffer -> Bool in
            guard let base = buffer.baseAddress else { return true }
            for i in 0..<order where !Self.eliminate(base, i) { return false }
            return true
        }
        if !isPositive { return nil }
    }

    /// Turns row i of the matrix into row i of the factor, the rows before being done.
    private static func eliminate(_ base: UnsafeMutablePointer<Double>, _ i: Int) -> Bool {
        let row = base + i * (i + 1) / 2
        for j in 0..<i {
            let other = base + j * (j + 1) / 2
            row[j] = (row[j] - DenseKernels.dot(row, other, j)) / other[j]
        }
        let rest = row[i] - DenseKernels.dot(row, row, i)
        // What is left of the diagonal must be more than its rounding.
        guard rest > 1e-14 * row[i], rest.isFinite else { return false }
        row[i] = rest.squareRoot()
        return true
    }

    /// Adds a row and column to the matrix, the row up to its diagonal; false, changing nothing, when it would not be positive
    /// definite any more.
    package mutating func append(_ row: [Double]) -> Bool {
        let index = order
        entries += row
        let isPositive = entries.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.map { Self.eliminate($0, index) } ?? false
        }
        guard isPositive else {
            entries.removeLast(row.count)
            return false
        }
        order += 1
        return true
    }

    /// The entry of the factor in row i, column j <= i.
    package subscript(i: Int, j: Int) -> Double { entries[i * (i + 1) / 2 + j] }

    /// The solution of L x = b.
    package func solveLower(_ b: [Double]) -> [Double] {
        var x = b
        let n = order
        x.withUnsafeMutableBufferPointer { x in
            entries.withUnsafeBufferPointer { entries in
                guard let x = x.baseAddress, let base = entries.baseAddress else { return }
                for i in 0..<n {
                    let row = base + i * (i + 1) / 2
                    x[i] = (x[i] - DenseKernels.dot(row, x, i)) / row[i]
                }
            }
        }
        return x
    }

    /// The solution of Lᵀ x = b.
    package func solveUpper(_ b: [Double]) -> [Double] {
        var x = b
        let n = order
        x.withUnsafeMutableBufferPointer { x in
            entries.withUnsafeBufferPointer { entries in
                guard let x = x.baseAddress, let base = entries.baseAddress else { return }
                for i in stride(from: n - 1, through: 0, by: -1) {
                    let row = base + i * (i + 1) / 2
                    x[i] /= row[i]
                    DenseKernels.add(-x[i], row, to: x, i)
                }
            }
        }
        return x
    }

    /// Half the logarithm of the determinant of A.
    package var halfLogDeterminant: Double { (0..<order).reduce(0) { $0 + log(self[$1, $1]) } }

    /// The lower half of the inverse of A, by rows, each up to its diagonal.
    package func inverse() -> [Double] {
        let n = order
        // The inverse M of L by rows: row i = (e_i - Σ_j<i L_ij M_j) / L_ii; then the inverse of A is MᵀM.
        var m = [Double](repeating: 0, count: entries.count)
        var result = m
        entries.withUnsafeBufferPointer { entries in
            m.withUnsafeMutableBufferPointer { m in
                result.withUnsafeMutableBufferPointer { result in
                    guard let l = entries.baseAddress, let m = m.baseAddress, let result = result.baseAddress else { return }
                    for i in 0..<n {
                        let (row, target) = (l + i * (i + 1) / 2, m + i * (i + 1) / 2)
                        for j in 0..<i { DenseKernels.add(-row[j], m + j * (j + 1) / 2, to: target, j + 1) }
                        for j in 0..<i { target[j] /= row[i] }
                        target[i] = 1 / row[i]
                        for j in 0...i { DenseKernels.add(target[j], target, to: result + j * (j + 1) / 2, j + 1) }
                    }
                }
            }
        }
        return result
    }
}
