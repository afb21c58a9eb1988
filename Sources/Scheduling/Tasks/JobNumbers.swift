/// A set of job numbers kept as ranges: jobs are numbered in order, so those that ended are a few ranges, however many
/// they are.
struct JobNumbers: Sendable {
    private var ranges: [ClosedRange<Int64>] = []

    func contains(_ job: JobID) -> Bool {
        let next = firstRange(endingAtOrAfter: job.rawValue)
        return next < ranges.count && ranges[next].contains(job.rawValue)
    }

    mutating func insert(_ job: JobID) {
        let number = job.rawValue
        let next = firstRange(endingAtOrAfter: number)
        if next < ranges.count, ranges[next].contains(number) { return }
        let joinsPrevious = next > 0 && ranges[next - 1].upperBound == number &- 1
        let joinsNext = next < ranges.count && ranges[next].lowerBound == number &+ 1
        switch (joinsPrevious, joinsNext) {
        case (true, true):
            ranges[next - 1] = ranges[next - 1].lowerBound...ranges[next].upperBound
            ranges.remove(at: next)
        case (true, false): ranges[next - 1] = ranges[next - 1].lowerBound...number
        case (false, true): ranges[next] = number...ranges[next].upperBound
        case (false, false): ranges.insert(number...number, at: next)
        }
    }

    private func firstRange(endingAtOrAfter number: Int64) -> Int {
        var low = 0
        var high = ranges.count
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound >= number { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
