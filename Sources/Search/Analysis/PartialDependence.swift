import Statistics

/// The mean loss that a forest expects over two parameters, whatever the others are (Friedman, "Greedy function approximation: a
/// gradient boosting machine", 2001).
package enum PartialDependence {
    private static let pointCount = 32

    /// `size` times `size` means at the middles of even cells of both axes, the second running slower. The others are drawn evenly, the
    /// same for every cell.
    package static func grid(_ forest: RegressionForest, dimensions: Int, first: Int, second: Int, size: Int) -> [Double] {
        var generator = SplitMix64(seed: 0x7061_7274_6961_6c)
        var points = (0..<pointCount).map { _ in (0..<dimensions).map { _ in generator.uniform() } }
        var means: [Double] = []
        for row in 0..<size {
            for column in 0..<size {
                var sum = 0.0
                for place in points.indices {
                    points[place][first] = (Double(column) + 0.5) / Double(size)
                    points[place][second] = (Double(row) + 0.5) / Double(size)
                    sum += forest.value(at: points[place])
                }
                means.append(sum / Double(points.count))
            }
        }
        return means
    }
}
