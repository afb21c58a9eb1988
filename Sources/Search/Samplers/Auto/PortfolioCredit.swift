import Foundation

/// What the members of a portfolio have earned: how well their trials ranked among those before them.
///
/// A trial earns 1 when it is the best so far, less the more it lags behind, and nothing outside the best fifth. Earnings fade,
/// so that a member which has done its part makes room for others.
package struct PortfolioCredit: Sendable {
    private var earned: [Double]
    private var weight: [Double]
    /// The least losses so far, from the best on.
    private var best: [Double] = []
    private var count = 0

    private static let depth = 200
    private static let fading = 0.97
    /// How much the better earner is preferred: shares go with the exponential of earnings over this.
    private static let temperature = 0.12
    /// No member's share is below this, so that all are heard of again.
    private static let leastShare = 0.05

    /// What each member is believed to earn a trial, in [0, 1], before it has shown anything; that counts as two trials.
    package init(expected: [Double]) {
        earned = expected.map { 2 * $0 }
        weight = [Double](repeating: 2, count: expected.count)
    }

    /// Credits a completed trial to the member that proposed it, if one did.
    package mutating func add(_ loss: Double, member: Int?) {
        let rank = best.partitioningIndex { $0 >= loss }
        if let member, earned.indices.contains(member) {
            let reach = max(1, 0.2 * Double(count))
            let isRanked = rank < best.count || count <= best.count
            earned[member] = Self.fading * earned[member] + (isRanked ? max(0, 1 - Double(rank) / reach) : 0)
            weight[member] = Self.fading * weight[member] + 1
        }
        best.insert(loss, at: rank)
        if best.count > Self.depth { best.removeLast() }
        count += 1
    }

    /// The probability of each member to be drawn.
    package var shares: [Double] { shares(of: 0..<earned.count) }

    private func shares(of range: Range<Int>) -> [Double] {
        let means = range.map { earned[$0] / weight[$0] }
        let top = means.max() ?? 0
        let powers = means.map { exp(($0 - top) / Self.temperature) }
        let sum = powers.reduce(0, +)
        let free = 1 - Self.leastShare * Double(range.count)
        return powers.map { Self.leastShare + free * $0 / sum }
    }

    /// The member of `range` that the uniform draw `u` in [0, 1) falls to.
    package func draw(_ u: Double, from range: Range<Int>) -> Int {
        var rest = u
        for (member, share) in zip(range, shares(of: range)) {
            rest -= share
            if rest < 0 { return member }
        }
        return range.upperBound - 1
    }
}
