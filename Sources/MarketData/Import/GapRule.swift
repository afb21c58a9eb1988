/// What counts as missing bars.
///
/// The usual step of a series decides: days (20 hours to 4 days) may be 5 days apart, which covers a weekend with holidays;
/// shorter steps may be 5 usual steps apart within one UTC day, and 5 days across days; longer ones 3 usual steps.
struct GapRule {
    private let usual: Int64
    private static let day = ISOTime.millisecondsPerDay

    /// Takes the median of up to 1,001 evenly spaced steps as the usual one.
    init(time: [Int64]) {
        let steps = time.count - 1
        guard steps > 0 else {
            usual = Self.day
            return
        }
        let taken = min(steps, 1001)
        let sample = (0..<taken).map { i -> Int64 in
            let at = i * steps / taken
            return time[at + 1] - time[at]
        }
        usual = sample.sorted()[taken / 2]
    }

    /// Whether bars are missing between two neighbouring times.
    func isGap(from earlier: Int64, to later: Int64) -> Bool {
        let step = later - earlier
        if step <= usual { return false }
        if usual > 4 * Self.day { return step > 3 * usual }
        if step > 5 * Self.day { return true }
        return usual < 20 * 3_600_000 && step > 5 * usual && ISOTime.day(earlier) == ISOTime.day(later)
    }
}
