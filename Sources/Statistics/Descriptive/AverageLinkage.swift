/// Groups things by their distances: the two nearest groups merge, again and again, the distance of two groups being the mean
/// over all their pairs.
///
/// By chains of nearest neighbours in O(n²) (Müllner, "Modern hierarchical, agglomerative clustering algorithms", 2011).
package enum AverageLinkage {
    /// The group of each of `count` things when no two groups at most `cut` apart are left: groups are numbered from 0 in the
    /// order of their first members. `distance` is symmetric and asked for each pair once.
    package static func groups(count: Int, cut: Double, distance: (Int, Int) -> Double) -> [Int] {
        guard count > 0 else { return [] }
        var distances = [Double](repeating: .infinity, count: count * count)
        for i in 0..<count {
            for j in 0..<i {
                let value = distance(i, j)
                distances[i * count + j] = value
                distances[j * count + i] = value
            }
        }
        var size = [Int](repeating: 1, count: count)
        var parent = Array(0..<count)
        var chain: [Int] = []
        var isActive = [Bool](repeating: true, count: count)
        var left = count
        var first = 0
        while left > 1 {
            if chain.isEmpty {
                while !isActive[first] { first += 1 }
                chain.append(first)
            }
            let last = chain[chain.count - 1]
            // Of equally near ones the chain's own predecessor comes first, or the chain would not end.
            var nearest = chain.count > 1 ? chain[chain.count - 2] : -1
            var shortest = nearest >= 0 ? distances[last * count + nearest] : .infinity
            for other in 0..<count where isActive[other] && other != last {
                let value = distances[last * count + other]
                if nearest < 0 || value < shortest { (nearest, shortest) = (other, value) }
            }
            guard chain.count > 1, nearest == chain[chain.count - 2] else {
                chain.append(nearest)
                continue
            }
            chain.removeLast(2)
            // The merged group lives on under the smaller number.
            let kept = min(last, nearest), gone = max(last, nearest)
            let weight = Double(size[kept]), other = Double(size[gone])
            for place in 0..<count where isActive[place] && place != kept && place != gone {
                let mean = (weight * distances[kept * count + place] + other * distances[gone * count + place]) / (weight + other)
                distances[kept * count + place] = mean
                distances[place * count + kept] = mean
            }
            size[kept] += size[gone]
            isActive[gone] = false
            left -= 1
            // Mean distances only grow as groups merge, so every merge up to the cut is part of the result.
            if shortest <= cut { parent[gone] = kept }
        }
        return numbered(parent)
    }

    /// Roots numbered in the order they first appear; every parent has a smaller number than its child.
    private static func numbered(_ parent: [Int]) -> [Int] {
        var groups = [Int](repeating: 0, count: parent.count)
        var next = 0
        for i in parent.indices {
            if parent[i] == i {
                groups[i] = next
                next += 1
            } else {
                groups[i] = groups[parent[i]]
            }
        }
        return groups
    }
}
