import Foundation
import Statistics

/// Keeps a discrete parameter moving although the distribution has become narrower than a step: its draws are spread, and its
/// mean is moved, so that the values next to the mean's keep a probability of at least the margin.
///
/// Hamano et al., "CMA-ES with margin", GECCO 2022.
package struct DiscreteMargin: Sendable {
    /// Which axes are discrete, and those axes.
    private let axes: [(index: Int, axis: Axis)]
    private let margin: Double
    /// By how much the draws of each coordinate are spread around the mean.
    package private(set) var spread: [Double]

    package init(axes: [Axis], population: Int) {
        self.axes = axes.enumerated().compactMap { index, axis in
            if case .discrete = axis.kind { (index, axis) } else { nil }
        }
        margin = 1 / Double(axes.count * population)
        spread = [Double](repeating: 1, count: axes.count)
    }

    /// Corrects the mean of `strategy` and the spread after an update.
    package mutating func correct(_ strategy: inout EvolutionStrategy) {
        for (index, axis) in axes {
            let mean = strategy.mean[index]
            let (low, high) = axis.limits(aroundShare: mean)
            let deviation = strategy.sigma * strategy.covariance[index, index].squareRoot()
            let scale = deviation * spread[index]
            var below = Normal.cdf((low - mean) / scale)
            var above = Normal.survival((high - mean) / scale)
            if max(below, above) > 0.5 {
                // The mean lies in an outermost cell: all that is left to secure is the way back across its one limit.
                guard min(below, above) < margin else { continue }
                let distance = -scale * Normal.quantile(margin)
                strategy.mean[index] = high + (mean < high ? -distance : mean > high ? distance : 0)
                continue
            }
            let middle = 1 - (below + above)
            below = max(below, margin / 2)
            above = max(above, margin / 2)
            let excess = 1 - below - above - middle
            let slack = below + middle + above - 1.5 * margin
            let (a, b) = (below, above)
            below = min(0.5 - 1e-10, max(1e-10, a + excess * (a - margin / 2) / slack))
            above = min(0.5 - 1e-10, max(1e-10, b + excess * (b - margin / 2) / slack))
            let (left, right) = (-Normal.quantile(below), -Normal.quantile(above))
            strategy.mean[index] = (low * right + high * left) / (left + right)
            spread[index] = (high - low) / ((left + right) * deviation)
        }
    }

    /// The draw `point` with its discrete coordinates spread around `mean`.
    package func spread(_ point: [Double], around mean: [Double]) -> [Double] {
        point.indices.map { mean[$0] + (point[$0] - mean[$0]) * spread[$0] }
    }
}
