/// The tasks of one job in the order they were appended, found by index. Runs of consecutive indices cost one segment,
/// whatever their length; an index nobody appended costs nothing.
struct TaskTable: Sendable {
    struct Segment: Sendable {
        var first: Int32
        var count: Int32
        var position: Int32
        var end: Int32 { first + count }
    }

    private(set) var segments: [Segment] = []
    var entries: [TaskEntry] = []

    /// Where the task `index` is kept, or nil when it was never appended.
    func position(of index: Int32) -> Int? {
        let segment = segments.count == 1 ? 0 : firstSegment(endingAfter: index)
        guard segment < segments.count else { return nil }
        let found = segments[segment]
        guard index >= found.first, index < found.end else { return nil }
        return Int(found.position + (index - found.first))
    }

    /// Adds those indices of `range` that are not known yet, up to `limit` tasks in all, and returns them as ranges.
    mutating func insert(_ range: Range<Int32>, _ entry: TaskEntry, limit: Int32) -> [Range<Int32>] {
        var inserted: [Range<Int32>] = []
        var lower = max(range.lowerBound, 0)
        var segment = firstSegment(endingAfter: lower)
        while lower < range.upperBound {
            var upper = range.upperBound
            if segment < segments.count {
                if segments[segment].first <= lower {
                    lower = max(lower, segments[segment].end)
                    segment += 1
                    continue
                }
                upper = min(upper, segments[segment].first)
            }
            let room = limit - Int32(entries.count)
            guard room > 0 else { break }
            upper = lower + min(upper - lower, room)
            segment = insertGap(lower..<upper, before: segment)
            entries.append(contentsOf: repeatElement(entry, count: Int(upper - lower)))
            inserted.append(lower..<upper)
            lower = upper
        }
        return inserted
    }

    /// The known parts of `range`, in order: indices and the position of the first.
    func known(in range: Range<Int32>) -> [(indices: Range<Int32>, position: Int32)] {
        var found: [(indices: Range<Int32>, position: Int32)] = []
        var segment = firstSegment(endingAfter: max(range.lowerBound, 0))
        while segment < segments.count, segments[segment].first < range.upperBound {
            let each = segments[segment]
            let lower = max(each.first, range.lowerBound)
            let upper = min(each.end, range.upperBound)
            if lower < upper { found.append((lower..<upper, each.position + (lower - each.first))) }
            segment += 1
        }
        return found
    }

    /// Records a segment for the unknown `range`, which lies just before the segment numbered `next`; returns the number
    /// of the first segment after it.
    private mutating func insertGap(_ range: Range<Int32>, before next: Int) -> Int {
        let position = Int32(entries.count)
        if next > 0 {
            let previous = segments[next - 1]
            if previous.end == range.lowerBound, previous.position + previous.count == position {
                segments[next - 1].count += range.upperBound - range.lowerBound
                return next
            }
        }
        segments.insert(
            Segment(first: range.lowerBound, count: range.upperBound - range.lowerBound, position: position), at: next)
        return next + 1
    }

    private func firstSegment(endingAfter index: Int32) -> Int {
        if let last = segments.last, index >= last.end { return segments.count }
        var low = 0
        var high = segments.count
        while low < high {
            let middle = (low + high) / 2
            if segments[middle].end > index { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
