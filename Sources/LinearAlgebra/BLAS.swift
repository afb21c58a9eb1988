internal import COpenBLAS

/// The calls into OpenBLAS, on one thread, over numbers that lie in rows one after the other.
///
/// Parallelism comes from running tasks side by side; with one thread a sum is always taken in the same order. OpenBLAS picks its
/// kernels by the processor, so bits are the same on machines of one kind; `OPENBLAS_CORETYPE` in the environment makes
/// them the same on a mixed cluster.
package enum BLAS {
    /// Set once, by the first call that reads it.
    private static let singleThreaded: Void = openblas_set_num_threads(1)

    /// Makes the library use one thread. Every function here does so itself.
    package static func prepare() { _ = singleThreaded }

    /// The kernels that OpenBLAS chose for this processor, such as `Haswell`.
    package static var kernels: String { String(cString: openblas_get_corename()) }

    /// The largest size of a matrix's side.
    static let maximumSide = Int(Int32.max)

    /// result = AᵀA for A of `rows` x `columns`; only the upper triangle of `result` (columns x columns) is written.
    static func gram(_ a: UnsafePointer<Double>, rows: Int, columns: Int, into result: UnsafeMutablePointer<Double>) {
        prepare()
        let side = Int32(columns)
        cblas_dsyrk(CblasRowMajor, CblasUpper, CblasTrans, side, Int32(rows), 1, a, side, 0, result, side)
    }

    /// result = A x, or Aᵀ x when `transposed`; A has `rows` x `columns`.
    static func multiply(
        _ a: UnsafePointer<Double>, rows: Int, columns: Int, transposed: Bool, by x: UnsafePointer<Double>,
        into result: UnsafeMutablePointer<Double>
    ) {
        prepare()
        cblas_dgemv(
            CblasRowMajor, transposed ? CblasTrans : CblasNoTrans, Int32(rows), Int32(columns), 1, a, Int32(columns), x, 1, 0,
            result, 1)
    }

    /// result = A B for A of `rows` x `inner` and B of `inner` x `columns`.
    static func multiply(
        _ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, rows: Int, inner: Int, columns: Int,
        into result: UnsafeMutablePointer<Double>
    ) {
        prepare()
        cblas_dgemm(
            CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(rows), Int32(columns), Int32(inner), 1, a, Int32(inner), b,
            Int32(columns), 0,
            result, Int32(columns))
    }

    /// Factors a symmetric matrix, given by the upper triangle of its rows, into UᵀU in place; the lower triangle is not touched.
    ///
    /// Returns 0, or the 1-based place of the first minor that is not positive.
    static func factor(_ a: UnsafeMutablePointer<Double>, side: Int) -> Int {
        prepare()
        // A triangle that is the upper one in rows is the lower one in columns.
        var uplo = CChar(UInt8(ascii: "L")), n = Int32(side), info = Int32(0)
        dpotrf_(&uplo, &n, a, &n, &info, 1)
        return Int(info)
    }

    /// Solves A X = B in place of `b`, which holds `count` right sides one after the other, by the factor that `factor` left.
    static func solve(factor a: UnsafePointer<Double>, side: Int, _ b: UnsafeMutablePointer<Double>, count: Int) {
        prepare()
        var uplo = CChar(UInt8(ascii: "L")), n = Int32(side), sides = Int32(count), info = Int32(0)
        dpotrs_(&uplo, &n, &sides, a, &n, b, &n, &info, 1)
    }

    /// Eigenvalues of a symmetric matrix in ascending order; `a` is overwritten by its eigenvectors, one a row, when `vectors`
    /// is set.
    ///
    /// Returns 0, or how many off-diagonal elements did not go to zero.
    static func eigen(_ a: UnsafeMutablePointer<Double>, side: Int, values: UnsafeMutablePointer<Double>, vectors: Bool) -> Int {
        prepare()
        var job = CChar(UInt8(ascii: vectors ? "V" : "N")), uplo = CChar(UInt8(ascii: "L"))
        var n = Int32(side), size = Int32(-1), info = Int32(0), best = 0.0
        dsyev_(&job, &uplo, &n, a, &n, values, &best, &size, &info, 1, 1)
        guard info == 0 else { return Int(info) }
        size = Int32(best)
        withUnsafeTemporaryAllocation(of: Double.self, capacity: max(1, Int(size))) { work in
            dsyev_(&job, &uplo, &n, a, &n, values, work.baseAddress, &size, &info, 1, 1)
        }
        return Int(info)
    }
}
