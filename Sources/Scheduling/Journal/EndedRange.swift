/// Tasks of one job with consecutive indices that ended the same way: the compact form in which a journal remembers what
/// must not run again.
package struct EndedRange: Sendable, Hashable {
    /// Not empty.
    package var indices: Range<Int32>
    package var end: TaskEnd
    package init(_ indices: Range<Int32>, _ end: TaskEnd) { (self.indices, self.end) = (indices, end) }

    /// The same tasks in as few ranges as possible, in order of index. Of a task that is named twice the first range in that
    /// order counts.
    package static func merged(_ ranges: [EndedRange]) -> [EndedRange] {
        var merged: [EndedRange] = []
        for range in ranges.sorted(by: { $0.indices.lowerBound < $1.indices.lowerBound }) {
            let known = merged.last?.indices.upperBound ?? range.indices.lowerBound
            let lower = max(range.indices.lowerBound, known)
            guard lower < range.indices.upperBound else { continue }
            if let last = merged.last, last.end == range.end, last.indices.upperBound == lower {
                merged[merged.count - 1].indices = last.indices.lowerBound..<range.indices.upperBound
            } else {
                merged.append(EndedRange(lower..<range.indices.upperBound, range.end))
            }
        }
        return merged
    }
}
