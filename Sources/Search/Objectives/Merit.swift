/// What a completed trial is worth: a loss for each objective, lower being better, and by how much it breaks the limits that the
/// study puts on results.
package struct Merit: Sendable, Hashable {
    package let losses: [Double]
    /// 0 when the trial keeps all limits.
    package let violation: Double

    package init(losses: [Double], violation: Double = 0) { (self.losses, self.violation) = (losses, violation) }

    /// Whether this is better than `other` beyond dispute: it keeps the limits and the other does not, or it breaks them by less;
    /// where both keep them, it is nowhere worse and somewhere better.
    ///
    /// Deb et al., "A fast and elitist multiobjective genetic algorithm: NSGA-II", 2002, definition 1.
    package func dominates(_ other: Merit) -> Bool {
        if violation != other.violation, violation > 0 || other.violation > 0 { return violation < other.violation }
        if violation > 0 { return false }
        var isBetter = false
        for (own, theirs) in zip(losses, other.losses) {
            if own > theirs { return false }
            if own < theirs { isBetter = true }
        }
        return isBetter
    }

    /// A total order that agrees with dominance: limits first, then the objectives from the first on.
    package func precedes(_ other: Merit) -> Bool {
        if violation != other.violation { return violation < other.violation }
        return losses.lexicographicallyPrecedes(other.losses)
    }

    /// One loss for each merit, so that those which break limits come after all that don't, the further the more they do: for
    /// samplers that take one number. Merits are read by their first objective.
    package static func steering(_ merits: [Merit]) -> [Double] {
        let kept = merits.filter { $0.violation == 0 }.map { $0.losses[0] }
        guard kept.count < merits.count else { return kept }
        guard let least = kept.min(), let most = kept.max() else { return merits.map(\.violation) }
        let spread = most > least && (most - least).isFinite ? most - least : 1
        let largest = merits.map(\.violation).max() ?? 1
        return merits.map { $0.violation == 0 ? $0.losses[0] : most + spread * (0.1 + 0.9 * $0.violation / largest) }
    }
}
