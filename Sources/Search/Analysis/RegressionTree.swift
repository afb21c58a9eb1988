/// A regression tree over the unit cube: each leaf is a box with the mean of the targets in it.
package struct RegressionTree: Sendable {
    struct Node: Sendable {
        /// The parameter that is split; -1 for a leaf.
        var feature: Int32 = -1
        /// Points up to here go left.
        var threshold = 0.0
        var left: Int32 = -1
        var right: Int32 = -1
        /// The mean of the targets below.
        var value: Double
    }

    private(set) var nodes: [Node] = []
    static let depthLimit = 64

    /// Grows the tree on the rows in `sample`, which may name a row more than once, until no leaf can be split. Columns are by
    /// parameter. Of equally good splits the first parameter's lowest is taken. Not empty.
    init(columns: [[Double]], targets: [Double], sample: [Int]) {
        var rows = sample
        var open = [(node: 0, range: 0..<rows.count, depth: 0)]
        nodes.append(Node(value: Self.mean(targets, rows[...])))
        while let (node, range, depth) = open.popLast() {
            guard depth < Self.depthLimit, let split = Self.split(columns, targets, rows[range]) else { continue }
            let column = columns[split.feature]
            // Keeps the order on both sides, so that the tree does not depend on how rows are moved.
            let (left, right) = (
                rows[range].filter { column[$0] <= split.threshold }, rows[range].filter { column[$0] > split.threshold }
            )
            rows.replaceSubrange(range, with: left + right)
            let middle = range.lowerBound + left.count
            nodes[node].feature = Int32(split.feature)
            nodes[node].threshold = split.threshold
            nodes[node].left = Int32(nodes.count)
            nodes[node].right = Int32(nodes.count + 1)
            nodes.append(Node(value: Self.mean(targets, left[...])))
            nodes.append(Node(value: Self.mean(targets, right[...])))
            open.append((Int(nodes[node].left), range.lowerBound..<middle, depth + 1))
            open.append((Int(nodes[node].right), middle..<range.upperBound, depth + 1))
        }
    }

    package func value(at point: [Double]) -> Double {
        var node = 0
        while nodes[node].feature >= 0 {
            node = Int(point[Int(nodes[node].feature)] <= nodes[node].threshold ? nodes[node].left : nodes[node].right)
        }
        return nodes[node].value
    }

    /// Calls `body` with each leaf's value and box: its ends by parameter.
    func forEachLeaf(dimensions: Int, _ body: (_ value: Double, _ low: [Double], _ high: [Double]) -> Void) {
        var open = [(node: 0, low: [Double](repeating: 0, count: dimensions), high: [Double](repeating: 1, count: dimensions))]
        while let (node, low, high) = open.popLast() {
            guard nodes[node].feature >= 0 else {
                body(nodes[node].value, low, high)
                continue
            }
            let feature = Int(nodes[node].feature)
            var (leftHigh, rightLow) = (high, low)
            leftHigh[feature] = nodes[node].threshold
            rightLow[feature] = nodes[node].threshold
            open.append((Int(nodes[node].left), low, leftHigh))
            open.append((Int(nodes[node].right), rightLow, high))
        }
    }

    private static func mean(_ targets: [Double], _ rows: ArraySlice<Int>) -> Double {
        rows.reduce(0.0) { $0 + targets[$1] } / Double(rows.count)
    }

    /// The split that leaves the least squared error; nil when the targets are all the same or no parameter tells rows apart.
    private static func split(
        _ columns: [[Double]], _ targets: [Double], _ rows: ArraySlice<Int>
    ) -> (feature: Int, threshold: Double)? {
        guard let first = rows.first, rows.contains(where: { targets[$0] != targets[first] }) else { return nil }
        // Deviations from the mean keep their digits however far from zero the targets are.
        let centre = mean(targets, rows)
        var best: (gain: Double, feature: Int, threshold: Double)?
        for (feature, column) in columns.enumerated() {
            let sorted = rows.sorted { (column[$0], $0) < (column[$1], $1) }
            var sum = 0.0
            for place in 0..<sorted.count - 1 {
                sum += targets[sorted[place]] - centre
                let (here, next) = (column[sorted[place]], column[sorted[place + 1]])
                guard here < next else { continue }
                let (left, right) = (Double(place + 1), Double(sorted.count - place - 1))
                let gain = sum * sum / left + sum * sum / right
                guard gain > (best?.gain ?? 0) else { continue }
                let threshold = here + (next - here) / 2
                best = (gain, feature, threshold < next ? threshold : here)
            }
        }
        return best.map { ($0.feature, $0.threshold) }
    }
}
