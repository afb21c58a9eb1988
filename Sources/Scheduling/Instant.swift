/// A point on a monotonic clock that the caller reads; nanoseconds since an arbitrary start. The scheduler only compares
/// and adds, so wall clock jumps cannot reach it.
package struct Instant: Hashable, Comparable, Sendable {
    package var nanoseconds: Int64
    package init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }
    package static func < (a: Instant, b: Instant) -> Bool { a.nanoseconds < b.nanoseconds }
    /// Later by `milliseconds`; saturates instead of overflowing.
    package func advanced(byMilliseconds milliseconds: Int64) -> Instant {
        let (product, overflow) = milliseconds.multipliedReportingOverflow(by: 1_000_000)
        let (sum, overflow2) = nanoseconds.addingReportingOverflow(product)
        return Instant(nanoseconds: overflow || overflow2 ? (milliseconds < 0 ? .min : .max) : sum)
    }
    /// Whole milliseconds from `earlier` to this, rounded down.
    package func milliseconds(since earlier: Instant) -> Int64 { (nanoseconds &- earlier.nanoseconds) / 1_000_000 }
}
