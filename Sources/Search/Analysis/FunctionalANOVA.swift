/// How much of the variance of the objective over the whole space each parameter explains alone.
///
/// fANOVA (Hutter, Hoos and Leyton-Brown, "An Efficient Approach for Assessing Hyperparameter Importance", ICML 2014): the
/// variance of a tree's marginal over one parameter, as a share of the tree's variance, averaged over a random forest. Every value
/// of a parameter's axis weighs the same: on a logarithmic axis every factor does.
package enum FunctionalANOVA {
    /// One a parameter, in [0, 1]: what is missing from 1 is interactions. All 0 when the forest is constant.
    package static func importances(of forest: RegressionForest, dimensions: Int) -> [Double] {
        var sums = [Double](repeating: 0, count: dimensions)
        var trees = 0
        for tree in forest.trees {
            guard let shares = shares(of: tree, dimensions: dimensions) else { continue }
            for axis in 0..<dimensions { sums[axis] += shares[axis] }
            trees += 1
        }
        return trees == 0 ? sums : sums.map { $0 / Double(trees) }
    }

    /// A leaf's effect on the marginal of one parameter: it begins at a point and ends at another.
    private struct Edge {
        var place: Double
        var change: Double
    }

    /// The share of the tree's variance in each parameter's marginal; nil for a tree of one leaf.
    static func shares(of tree: RegressionTree, dimensions: Int) -> [Double]? {
        var edges: [[Edge]] = Array(repeating: [], count: dimensions)
        var (mean, square) = (0.0, 0.0)
        let offset = tree.nodes[0].value
        tree.forEachLeaf(dimensions: dimensions) { value, low, high in
            // Less the root's mean, so that differences keep their digits.
            let deviation = value - offset
            var volume = 1.0
            for axis in 0..<dimensions { volume *= high[axis] - low[axis] }
            mean += volume * deviation
            square += volume * deviation * deviation
            for axis in 0..<dimensions where high[axis] > low[axis] {
                let density = volume / (high[axis] - low[axis]) * deviation
                edges[axis].append(Edge(place: low[axis], change: density))
                edges[axis].append(Edge(place: high[axis], change: -density))
            }
        }
        let variance = square - mean * mean
        guard variance > 0 else { return nil }
        return edges.map { max(0, marginalVariance($0, mean: mean)) / variance }
    }

    /// The variance of the step function whose steps are `edges`, over [0, 1].
    private static func marginalVariance(_ edges: [Edge], mean: Double) -> Double {
        var (height, last, sum) = (0.0, 0.0, 0.0)
        for edge in edges.sorted(by: { $0.place < $1.place }) {
            sum += (edge.place - last) * (height - mean) * (height - mean)
            height += edge.change
            last = edge.place
        }
        return sum
    }
}
