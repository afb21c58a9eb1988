/// Inner loops over rows of dense matrices, four numbers at a time.
enum DenseKernels {
    /// Σ a[i] b[i] over the first `count` entries.
    @inline(__always)
    static func dot(_ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, _ count: Int) -> Double {
        var (first, second) = (SIMD4<Double>.zero, SIMD4<Double>.zero)
        var i = 0
        while i + 8 <= count {
            first += SIMD4(a[i], a[i + 1], a[i + 2], a[i + 3]) * SIMD4(b[i], b[i + 1], b[i + 2], b[i + 3])
            second += SIMD4(a[i + 4], a[i + 5], a[i + 6], a[i + 7]) * SIMD4(b[i + 4], b[i + 5], b[i + 6], b[i + 7])
            i += 8
        }
        var sum = (first + second).sum()
        while i < count {
            sum += a[i] * b[i]
            i += 1
        }
        return sum
    }

    /// y[i] += factor x[i] over the first `count` entries.
    @inline(__always)
    static func add(_ factor: Double, _ x: UnsafePointer<Double>, to y: UnsafeMutablePointer<Double>, _ count: Int) {
        for i in 0..<count { y[i] += factor * x[i] }
    }
}
