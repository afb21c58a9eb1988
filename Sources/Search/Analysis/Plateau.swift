import Statistics

/// How the objective falls off around a point, as a forest fitted to the study's trials has it.
///
/// A good trial on a plateau keeps most of what it is worth when its parameters are a little different, as they would have been on
/// other data; one on a needle does not.
package struct Plateau: Sendable {
    private let table: TrialTable
    private let forest: RegressionForest
    /// Steps in [-1, 1) by parameter, the same around every point, so that points are compared by where they are.
    private let steps: [[Double]]

    /// Distances at which the fall is measured, as shares of each parameter's axis.
    package static let distances = [0.05, 0.1, 0.2, 0.4]
    /// The distance by which points are judged for robustness.
    package static let robustDistance = 0.1
    private static let stepCount = 64

    package init(table: TrialTable, forest: RegressionForest) {
        (self.table, self.forest) = (table, forest)
        var generator = SplitMix64(seed: 0x706c_6174_6561_75)
        steps = (0..<Self.stepCount).map { _ in table.axes.map { _ in 2 * generator.uniform() - 1 } }
    }

    /// The mean loss over points up to `distance` of each axis away from the trial at `index`. Choices without order stay as they are,
    /// and what lies outside the space or breaks one of its conditions is left out.
    package func meanLoss(around index: Int, within distance: Double) -> Double {
        let centre = table.point(index)
        var (sum, count) = (0.0, 0)
        for step in steps {
            var point = centre
            var isInside = true
            for axis in table.axes.indices {
                switch table.axes[axis].kind {
                case .fixed, .categorical: continue
                case .continuous, .discrete: point[axis] += step[axis] * distance
                }
                if !(0...1).contains(point[axis]) { isInside = false }
            }
            guard isInside, isFeasible(point) else { continue }
            sum += forest.value(at: point)
            count += 1
        }
        return count == 0 ? forest.value(at: centre) : sum / Double(count)
    }

    /// The trial that is good and has good surroundings: the place where the worse of its own loss and the mean loss within
    /// `robustDistance` is lowest.
    package func mostRobust() -> (index: Int, meanLoss: Double)? {
        table.losses.indices.map { (index: $0, meanLoss: meanLoss(around: $0, within: Self.robustDistance)) }
            .min { (max($0.meanLoss, table.losses[$0.index]), $0.index) < (max($1.meanLoss, table.losses[$1.index]), $1.index) }
    }

    private func isFeasible(_ point: [Double]) -> Bool {
        table.space.constraints.isEmpty
            || table.space.isFeasible(zip(table.axes, point).map { $0.value(atShare: min($1, 1.0.nextDown)) })
    }
}
