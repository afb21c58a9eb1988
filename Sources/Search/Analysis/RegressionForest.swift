import Statistics

/// A random forest over a study's trials: trees grown to the end, each on a bootstrap sample of them, their predictions averaged.
package struct RegressionForest: Sendable {
    let trees: [RegressionTree]
    package static let treeCount = 64

    /// Fits the losses of the table's trials on their shares; nil for fewer than two trials. The same table gives the same forest.
    package init?(_ table: TrialTable) {
        guard table.count > 1 else { return nil }
        let columns = table.shares.map { $0.map { $0.isNaN ? 0.5 : $0 } }
        trees = (0..<Self.treeCount).map { tree in
            var generator = SplitMix64(seed: Seed.derive(Self.seed, UInt64(tree)))
            let sample = (0..<table.count).map { _ in Int(generator.integer(below: UInt64(table.count))) }
            return RegressionTree(columns: columns, targets: table.losses, sample: sample)
        }
    }

    /// The expected loss at a point of the unit cube.
    package func value(at point: [Double]) -> Double {
        trees.reduce(0.0) { $0 + $1.value(at: point) } / Double(trees.count)
    }

    private static let seed: UInt64 = 0x666f_7265_7374
}
