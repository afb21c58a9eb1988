import Foundation
import Statistics

/// How much each parameter decided whether a trial was among the best tenth.
///
/// PED-ANOVA (Watanabe, Bansal and Hutter, "PED-ANOVA: Efficiently Quantifying Hyperparameter Importance in Arbitrary
/// Subspaces", IJCAI 2023) as Optuna 5 has it: the Pearson divergence between densities of the best tenth and of all trials,
/// parameter by parameter, over the region that the study looked at. The densities are Parzen estimators over a grid with
/// Scott's bandwidth. For a parameter that not every trial has, the divergence counts by the square of the share of the best
/// that have it over the share of all that do.
package enum PEDANOVA {
    /// The share of the trials that is the best.
    package static let quantile = 0.1

    /// One a parameter, not negative, with sum 1; all 0 when there is nothing to tell apart.
    package static func importances(of table: TrialTable) -> [Double] {
        guard table.count > 1 else { return table.axes.map { _ in 0 } }
        let cutoff = table.losses.sorted()[Int((quantile * Double(table.count)).rounded(.up)) - 1]
        let best = table.losses.indices.filter { table.losses[$0] <= cutoff }
        let divergences = table.axes.indices.map { divergence(of: $0, best, in: table) }
        let sum = divergences.reduce(0, +)
        return divergences.map { sum > 0 ? $0 / sum : 0 }
    }

    private static func divergence(of axis: Int, _ best: [Int], in table: TrialTable) -> Double {
        let count = table.cellCounts[axis]
        guard count > 1 else { return 0 }
        let all = cellWeights(table.cells[axis], count), top = cellWeights(best.map { table.cells[axis][$0] }, count)
        let (allSum, topSum) = (all.reduce(0, +), top.reduce(0, +))
        guard topSum > 0 else { return 0 }
        let isChoice = if case .categorical = table.axes[axis].kind { true } else { false }
        let densities = [top, all].map { weights in
            (isChoice ? choiceDensity(weights) : gridDensity(weights)).map { $0 + 1e-12 }
        }
        let divergence = zip(densities[0], densities[1]).reduce(0.0) { $0 + $1.1 * ($1.0 / $1.1 - 1) * ($1.0 / $1.1 - 1) }
        let (topShare, allShare) = (topSum / Double(best.count), allSum / Double(table.count))
        return topShare * topShare / allShare * divergence
    }

    /// How many trials lie in each cell.
    private static func cellWeights(_ cells: [Int], _ count: Int) -> [Double] {
        var weights = [Double](repeating: 0, count: count)
        for cell in cells where cell >= 0 { weights[cell] += 1 }
        return weights
    }

    /// A mixture of Gaussians truncated to the grid, one a cell that is not empty and a wide one as prior.
    static func gridDensity(_ weights: [Double]) -> [Double] {
        let cells = weights.indices.filter { weights[$0] > 0 }
        let total = weights.reduce(0, +)
        let last = Double(weights.count - 1)
        let sigma = bandwidth(cells, weights, total)
        var density = [Double](repeating: 0, count: weights.count)
        var kernels = cells.map { (mu: Double($0), sigma: sigma, weight: weights[$0]) }
        kernels.append((mu: last / 2, sigma: last + 1, weight: 1))
        for kernel in kernels {
            let whole = GaussianInterval.logMass((-0.5 - kernel.mu) / kernel.sigma, (last + 0.5 - kernel.mu) / kernel.sigma)
            for cell in density.indices {
                let x = (Double(cell) - kernel.mu) / kernel.sigma, half = 0.5 / kernel.sigma
                density[cell] += kernel.weight / (total + 1) * exp(GaussianInterval.logMass(x - half, x + half) - whole)
            }
        }
        return density
    }

    /// Scott's rule from the smaller of the standard deviation and the scaled interquartile range, in cells; not so small that a
    /// kernel is less than its own cell.
    private static func bandwidth(_ cells: [Int], _ weights: [Double], _ total: Double) -> Double {
        let mean = cells.reduce(0.0) { $0 + weights[$1] * Double($1) } / total
        let squares = cells.reduce(0.0) { $0 + weights[$1] * (Double($1) - mean) * (Double($1) - mean) }
        var cumulative: [Double] = []
        for cell in cells { cumulative.append((cumulative.last ?? 0) + weights[cell]) }
        let (first, third) = ((total / 4).rounded(.down), (total * 3 / 4).rounded(.down))
        let low = cumulative.firstIndex { $0 >= first } ?? 0
        let high = cumulative.firstIndex { $0 > third } ?? cells.count - 1
        let spread = min(Double(cells[high] - cells[low]) / 1.34, (squares / max(1, total - 1)).squareRoot())
        return max(1.059 * spread * pow(total, -0.2), 0.5 / 1.64)
    }

    /// A mixture that gives each choice that was taken most of its own weight, and every choice some.
    static func choiceDensity(_ weights: [Double]) -> [Double] {
        let total = weights.reduce(0, +)
        let count = Double(weights.count)
        let smoothing = 1 / (Double(weights.count { $0 > 0 }) + 1)
        let row = 1 + smoothing * count
        // What every kernel gives a choice that is not its own, and the uniform prior.
        let base = (total * smoothing / row + 1 / count) / (total + 1)
        return weights.map { base + $0 / row / (total + 1) }
    }
}
