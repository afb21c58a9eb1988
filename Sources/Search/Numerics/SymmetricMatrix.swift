import Foundation

/// A small symmetric matrix, dense, by rows.
package struct SymmetricMatrix: Sendable, Hashable {
    package let order: Int
    /// `order * order` entries; both halves are kept.
    package var entries: [Double]

    package init(identity order: Int) {
        self.order = order
        entries = [Double](repeating: 0, count: order * order)
        for i in 0..<order { entries[i * order + i] = 1 }
    }

    package subscript(i: Int, j: Int) -> Double {
        get { entries[i * order + j] }
        set { entries[i * order + j] = newValue }
    }

    /// The eigenvalues and, as the columns of an orthogonal matrix by rows, their eigenvectors, in no order.
    ///
    /// The cyclic Jacobi method: rotations make one entry off the diagonal zero after the other. Slower than tridiagonal methods
    /// for large matrices, exact to the last digits for small ones. Golub and Van Loan, "Matrix Computations", 8.5.
    package func eigen() -> (values: [Double], vectors: [Double]) {
        let n = order
        var a = entries
        var v = SymmetricMatrix(identity: n).entries
        for _ in 0..<50 {
            var off = 0.0
            for i in 0..<n { for j in 0..<i { off += a[i * n + j] * a[i * n + j] } }
            let scale = (0..<n).reduce(0.0) { $0 + a[$1 * n + $1] * a[$1 * n + $1] }
            guard off > 1e-32 * scale else { break }
            for p in 0..<n {
                for q in (p + 1)..<max(p + 1, n) where a[p * n + q] != 0 { Self.rotate(&a, &v, n, p, q) }
            }
        }
        return ((0..<n).map { a[$0 * n + $0] }, v)
    }

    private static func rotate(_ a: inout [Double], _ v: inout [Double], _ n: Int, _ p: Int, _ q: Int) {
        let theta = (a[q * n + q] - a[p * n + p]) / (2 * a[p * n + q])
        let t = (theta < 0 ? -1.0 : 1.0) / (abs(theta) + (theta * theta + 1).squareRoot())
        let c = 1 / (t * t + 1).squareRoot()
        let s = t * c
        for k in 0..<n {
            let (x, y) = (a[k * n + p], a[k * n + q])
            a[k * n + p] = c * x - s * y
            a[k * n + q] = s * x + c * y
        }
        for k in 0..<n {
            let (x, y) = (a[p * n + k], a[q * n + k])
            a[p * n + k] = c * x - s * y
            a[q * n + k] = s * x + c * y
        }
        for k in 0..<n {
            let (x, y) = (v[k * n + p], v[k * n + q])
            v[k * n + p] = c * x - s * y
            v[k * n + q] = s * x + c * y
        }
    }
}
