import Foundation

/// Where a test that looks at a growing sample may stop, so that the error over all looks is its level.
///
/// Alpha spending: of the level α the share (n/N)^exponent has been spent once n of N observations are in. Which value the
/// standardised sum must pass to spend just that follows from the joint distribution of the sums, by numerical integration
/// over what has not stopped before. Lan and DeMets, "Discrete sequential boundaries for clinical trials", Biometrika 70,
/// 1983; the power family of Kim and DeMets, Biometrika 74, 1987; the recursion of Armitage, McPherson and Rowe, 1969.
package struct SpendingBoundary: Sendable, Hashable {
    /// After how many observations the sample is looked at, rising; the last is all of them.
    package let counts: [Int]
    /// The value that the standardised sum of each look must pass.
    package let values: [Double]
    package let level: Double

    /// `counts` rise from at least 1 in equal steps, the last of which may be shorter; `level` lies in (0, 1) and `exponent` is
    /// positive. When the variance is estimated too, looks hang together less: about as sums of one observation fewer do, which
    /// keeps the error of t statistics within 2 % of the level (simulated for 20 and 60 looks) where it would be 6 % above.
    package init(counts: [Int], level: Double, exponent: Double, estimatesVariance: Bool = false) {
        let lost = estimatesVariance && (counts.first ?? 0) > 1 ? 1 : 0
        var values: [Double] = []
        var spent = 0.0
        let step = counts.count > 1 ? counts[1] - counts[0] : 1
        var density = SumDensity(count: max(1, (counts.first ?? 1) - lost), spacing: Double(max(1, step)).squareRoot() / 8)
        for (look, count) in counts.enumerated() {
            let due = level * pow(Double(count) / Double(counts[counts.count - 1]), exponent)
            let limit = look == 0 ? density.firstLimit(due) : density.limit(count - lost, passing: due - spent)
            values.append(limit / Double(count - lost).squareRoot())
            spent = due
            guard look + 1 < counts.count else { break }
            if look == 0 { density.cutFirst(at: limit) } else { density.move(to: count - lost, below: limit) }
        }
        (self.counts, self.values, self.level) = (counts, values, level)
    }

    /// Looks after `first`, `first + step` ... observations and after all `total` of them. Numbers below 1 count as 1.
    package static func counts(total: Int, first: Int, step: Int) -> [Int] {
        let total = max(1, total)
        return Array(stride(from: min(max(1, first), total), to: total, by: max(1, step))) + [total]
    }

    /// The value to pass after `count` observations; nil when that is no look.
    package func value(after count: Int) -> Double? {
        counts.firstIndex(of: count).map { values[$0] }
    }
}

/// The density of a sum of standard normal observations among the samples that have not stopped, on a grid that ends at the
/// last limit.
private struct SumDensity {
    private let spacing: Double
    private var count: Int
    /// The upper end of the grid; point j lies j spacings below it.
    private var top = 0.0
    /// Each value with its weight in Simpson's rule.
    private var weighted: [Double] = []

    /// Beyond so many standard deviations nothing counts.
    private static let reach = 8.0

    init(count: Int, spacing: Double) { (self.count, self.spacing) = (count, spacing) }

    func firstLimit(_ share: Double) -> Double { -Normal.quantile(share) * Double(count).squareRoot() }

    mutating func cutFirst(at limit: Double) {
        let deviation = Double(count).squareRoot()
        top = limit
        weighted = Self.simpson(points(to: count), spacing) { Normal.pdf((limit - Double($0) * spacing) / deviation) / deviation }
    }

    /// The limit that the sum of `count` observations passes for the first time with probability `share`.
    func limit(_ count: Int, passing share: Double) -> Double {
        let deviation = Double(count - self.count).squareRoot()
        var low = top - Self.reach * deviation, high = top + Self.reach * deviation
        // The probability falls as the limit rises; where it does no more, the limit is as high as can be told.
        for _ in 0..<60 where high - low > 1e-10 {
            let middle = (low + high) / 2
            var passed = 0.0
            for (j, weight) in weighted.enumerated() {
                let distance = (middle - top + Double(j) * spacing) / deviation
                if distance > Self.reach { break }
                passed += weight * Normal.survival(distance)
            }
            if passed > share { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }

    /// Goes on to `count` observations and drops what passes `limit`.
    mutating func move(to count: Int, below limit: Double) {
        let deviation = Double(count - self.count).squareRoot()
        let offset = (limit - top) / spacing
        let band = Int((Self.reach * deviation / spacing).rounded(.up))
        // Point i of the new grid and point j of the old one lie offset + j - i spacings apart.
        let nearest = Int(offset.rounded())
        let kernel = (-band...band).map {
            Normal.pdf((offset - Double(nearest) + Double($0)) * spacing / deviation) / deviation
        }
        let (old, last) = (weighted, weighted.count - 1)
        self.count = count
        top = limit
        weighted = Self.simpson(points(to: count), spacing) { i in
            let first = max(0, i - nearest - band), end = min(last, i - nearest + band)
            guard first <= end else { return 0 }
            var sum = 0.0
            for j in first...end { sum += old[j] * kernel[j - i + nearest + band] }
            return sum
        }
    }

    /// An even number of intervals from the limit down to where the sum of `count` observations hardly ever is.
    private func points(to count: Int) -> Int {
        let depth = top + Self.reach * Double(count).squareRoot()
        return 2 * Int((max(spacing, depth) / spacing / 2).rounded(.up)) + 1
    }

    private static func simpson(_ points: Int, _ spacing: Double, _ value: (Int) -> Double) -> [Double] {
        (0..<points).map { point in
            let weight = point == 0 || point == points - 1 ? 1.0 : point % 2 == 1 ? 4 : 2
            return value(point) * weight * spacing / 3
        }
    }
}
