/// Finds the name that a misspelt one was probably meant to be.
package enum Suggestion {
    /// The candidate nearest to `word` by edit distance, if it is near enough to be worth offering.
    ///
    /// Ties go to the candidate that comes first. Only the first 64 characters are compared, so that a hostile
    /// word cannot cost more than a few thousand steps per candidate.
    package static func nearest(to word: String, in candidates: some Sequence<String>) -> String? {
        let wanted = Array(word.prefix(64).lowercased().unicodeScalars)
        var best: (name: String, distance: Int)?
        for candidate in candidates {
            let distance = editDistance(wanted, Array(candidate.prefix(64).lowercased().unicodeScalars))
            guard distance <= max(1, min(3, candidate.count / 2)) else { continue }
            if best == nil || distance < best!.distance { best = (candidate, distance) }
        }
        return best?.name
    }

    private static func editDistance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
        if a.isEmpty || b.isEmpty { return max(a.count, b.count) }
        var row = Array(0...b.count)
        for i in 1...a.count {
            var diagonal = row[0]
            row[0] = i
            for j in 1...b.count {
                let substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)
                diagonal = row[j]
                row[j] = min(substituted, row[j] + 1, row[j - 1] + 1)
            }
        }
        return row[b.count]
    }
}
