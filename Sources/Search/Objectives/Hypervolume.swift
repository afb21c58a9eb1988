/// The volume that a set of points dominates up to a reference point: how good a Pareto front is, in one number.
package enum Hypervolume {
    /// Exact, for points whose coordinates are losses. Points that are not below the reference in every coordinate add nothing.
    ///
    /// The points are cut into slices along the last coordinate; each slice is a volume of one dimension less.
    package static func of(_ points: [[Double]], reference: [Double]) -> Double {
        let inside = points.filter { point in
            point.count == reference.count && zip(point, reference).allSatisfy { $0 < $1 }
        }
        return volume(inside, reference)
    }

    /// How many points take no more than about a second: the work grows with their number to the power of the objectives less
    /// one.
    package static func pointLimit(objectives: Int) -> Int {
        switch objectives {
        case ...2: 100_000
        case 3: 3_000
        default: 200
        }
    }

    private static func volume(_ points: [[Double]], _ reference: [Double]) -> Double {
        guard !points.isEmpty, let edge = reference.last else { return 0 }
        if reference.count == 1 { return edge - points.reduce(edge) { min($0, $1[0]) } }
        if reference.count == 2 { return area(points, reference) }
        let last = reference.count - 1
        let sorted = points.sorted { $0[last] < $1[last] }
        var total = 0.0
        var slice: [[Double]] = []
        for (place, point) in sorted.enumerated() {
            let shadow = Array(point[..<last])
            // What another point of the slice covers adds nothing to it.
            if !slice.contains(where: { covers($0, shadow) }) {
                slice.removeAll { covers(shadow, $0) }
                slice.append(shadow)
            }
            let depth = (place + 1 < sorted.count ? sorted[place + 1][last] : edge) - point[last]
            if depth > 0 { total += depth * volume(slice, Array(reference[..<last])) }
        }
        return total
    }

    private static func area(_ points: [[Double]], _ reference: [Double]) -> Double {
        var (total, top) = (0.0, reference[1])
        for point in points.sorted(by: { ($0[0], $0[1]) < ($1[0], $1[1]) }) where point[1] < top {
            total += (reference[0] - point[0]) * (top - point[1])
            top = point[1]
        }
        return total
    }

    private static func covers(_ a: [Double], _ b: [Double]) -> Bool { zip(a, b).allSatisfy { $0 <= $1 } }
}
