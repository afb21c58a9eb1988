/// The best combinations seen so far, at most `limit`, best first; of equal ones the one with the lower index.
package struct SweepRanking: Sendable, Hashable {
    /// A combination by its place on the grid, with what it came to.
    package struct Entry: Sendable, Hashable {
        package let index: Int
        package let result: SweepResult

        package init(index: Int, result: SweepResult) {
            self.index = index
            self.result = result
        }
    }

    package private(set) var entries: [Entry] = []
    private let limit: Int
    private let measure: SweepMeasure
    private let isLargerBetter: Bool

    package init(limit: Int, by measure: SweepMeasure, isLargerBetter: Bool) {
        self.limit = max(1, limit)
        self.measure = measure
        self.isLargerBetter = isLargerBetter
    }

    /// Takes a combination up if it is among the best; one whose measure is not a number never is.
    package mutating func add(_ entry: Entry) {
        guard measure.value(of: entry.result).isFinite else { return }
        if entries.count == limit, let last = entries.last, !isBetter(entry, last) { return }
        var (low, high) = (0, entries.count)
        while low < high {
            let middle = (low + high) / 2
            if isBetter(entries[middle], entry) { low = middle + 1 } else { high = middle }
        }
        entries.insert(entry, at: low)
        if entries.count > limit { entries.removeLast() }
    }

    private func isBetter(_ one: Entry, _ other: Entry) -> Bool {
        let (a, b) = (measure.value(of: one.result), measure.value(of: other.result))
        if a != b { return isLargerBetter ? a > b : a < b }
        return one.index < other.index
    }
}

/// What a sweep can rank by.
package enum SweepMeasure: String, Sendable, Hashable, CaseIterable {
    case sharpe, totalReturn, maxDrawdown

    package func value(of result: SweepResult) -> Double {
        switch self {
        case .sharpe: result.sharpe
        case .totalReturn: result.totalReturn
        case .maxDrawdown: result.maxDrawdown
        }
    }
}
