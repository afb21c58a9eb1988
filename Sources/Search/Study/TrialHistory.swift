/// What a sampler may know when it proposes a trial: the completed trials before it and the points that run beside it.
///
/// Kept in columns of coordinates, with the orders that samplers need kept up to date as trials are added, so that a
/// suggestion never sorts.
package struct TrialHistory: Sendable {
    package let space: SearchSpace
    /// One per parameter: what it is as an axis.
    package let axes: [Axis]
    /// One column per parameter: the coordinate of each completed trial, oldest first.
    package private(set) var columns: [[Double]]
    /// The objective of each completed trial, oldest first; lower is better.
    package private(set) var losses: [Double] = []
    /// Completed trials (as indices into the columns) from best to worst; of equals the older is first.
    package private(set) var ranking: [Int32] = []
    /// For each parameter the completed trials by rising coordinate; of equals the older is first.
    package private(set) var byCoordinate: [[Int32]]
    /// One column per parameter: the coordinates of the trials that run beside the one to be suggested, oldest first.
    package private(set) var pending: [[Double]]

    package init(space: SearchSpace) {
        self.space = space
        axes = space.parameters.map { Axis($0.distribution) }
        columns = Array(repeating: [], count: space.parameters.count)
        byCoordinate = columns.map { _ in [] }
        pending = columns
    }

    /// Number of completed trials.
    package var count: Int { losses.count }

    /// Adds a completed trial; `values` follow the space's order, `loss` is finite.
    package mutating func append(_ values: [ParameterValue], loss: Double) {
        let index = Int32(truncatingIfNeeded: losses.count)
        losses.append(loss)
        let losses = losses
        ranking.insert(index, at: Self.upperBound(of: loss, in: ranking) { losses[Int($0)] })
        for (axis, value) in zip(axes.indices, values) {
            let coordinate = axes[axis].coordinate(of: value)
            columns[axis].append(coordinate)
            let column = columns[axis]
            byCoordinate[axis].insert(index, at: Self.upperBound(of: coordinate, in: byCoordinate[axis]) { column[Int($0)] })
        }
    }

    /// Replaces the points that run beside the next trial.
    package mutating func setPending(_ points: ArraySlice<[ParameterValue]>) {
        for axis in axes.indices { pending[axis] = points.map { axes[axis].coordinate(of: $0[axis]) } }
    }

    /// Where to insert `value` into the rising `order` so that it comes after its equals.
    private static func upperBound(of value: Double, in order: [Int32], key: (Int32) -> Double) -> Int {
        var (low, high) = (0, order.count)
        while low < high {
            let middle = (low + high) / 2
            if key(order[middle]) <= value { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
