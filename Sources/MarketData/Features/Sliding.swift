/// A summary of neighbouring values that can be joined with the summary of the values right after them.
protocol Joinable: BitwiseCopyable {
    static func join(_ older: Self, _ newer: Self) -> Self
}

/// Summaries over a window that slides along a series, in one pass whose cost does not depend on the window's length.
///
/// The series is cut into blocks of the window's length. Any window is the tail of one block and the head of the next, so the
/// summaries of all tails of a finished block and the running summary of the head suffice (van Herk 1992, Gil and Werman
/// 1993). Nothing is ever subtracted: rounding errors do not build up along the series, and a value that has left the
/// window leaves no trace, however large it was.
enum Sliding {
    /// Calls `emit` with each row of `rows` that has `length` values behind it, itself included, and their summary.
    ///
    /// `element` gives a row's value and is called twice for most rows. A summary depends on the window's values and, by rounding
    /// only, on where the blocks start.
    @inline(__always)
    static func run<Summary: Joinable>(
        _ length: Int, over rows: Range<Int>, element: (Int) -> Summary, emit: (Int, Summary) -> Void
    ) {
        guard rows.count >= length else { return }
        let tails = UnsafeMutablePointer<Summary>.allocate(capacity: length)
        defer { tails.deallocate() }
        var start = rows.lowerBound
        while start < rows.upperBound {
            let end = min(start &+ length, rows.upperBound)
            var head = element(start)
            var row = start
            while true {
                let taken = row &- start &+ 1
                if taken == length {
                    emit(row, head)
                } else if start > rows.lowerBound {
                    emit(row, Summary.join(tails[taken], head))
                }
                row &+= 1
                guard row < end else { break }
                head = Summary.join(head, element(row))
            }
            if end &- start == length {
                var tail = element(end &- 1)
                var place = length &- 1
                (tails + place).initialize(to: tail)
                while place > 1 {
                    place &-= 1
                    tail = Summary.join(element(start &+ place), tail)
                    (tails + place).initialize(to: tail)
                }
            }
            start = end
        }
    }
}
