import Statistics

/// The sums of every trial's returns and squares in each block, from which the Sharpe ratio of any half follows.
struct BlockSums {
    let trials: Int
    let blocks: Int
    /// Periods in half of the blocks.
    let half: Double
    /// Each trial's mean over all blocks; the sums are of returns less this, so that no digits are lost.
    let means: [Double]
    /// Block after block, one value a trial.
    let sums: [Double]
    let squares: [Double]

    init(_ returns: [[Double]], blocks: Int, length: Int) {
        trials = returns.count
        self.blocks = blocks
        half = Double(blocks / 2 * length)
        var means: [Double] = []
        var sums = [Double](repeating: 0, count: blocks * returns.count), squares = sums
        for (trial, series) in returns.enumerated() {
            let used = series.suffix(blocks * length)
            let mean = CompensatedSum.of(Array(used)) / Double(used.count)
            means.append(mean)
            for (i, value) in used.enumerated() {
                let deviation = value - mean
                sums[i / length * trials + trial] += deviation
                squares[i / length * trials + trial] += deviation * deviation
            }
        }
        (self.means, self.sums, self.squares) = (means, sums, squares)
    }
}

/// Walks through all ways to deal the blocks into two halves, and keeps which trial each half would choose.
///
/// A tree: each level deals one block to one side and adds its sums there, so that the two halves of a leaf cost one addition a
/// trial and no error builds up from leaf to leaf.
struct SplitSearch {
    /// The trial that a half chooses: its Sharpe ratio there, on the other half, and its rank on the other half from 1.
    struct Chosen {
        let inside: Double
        let outside: Double
        let rank: Double
    }

    private(set) var chosen: [Chosen] = []
    private let blocks: BlockSums
    /// For each number of blocks dealt to a side, the sums so far: side, depth, then trial.
    private var sums: [Double]
    private var squares: [Double]
    private var ratios: [Double]

    init(_ blocks: BlockSums) {
        self.blocks = blocks
        let room = 2 * (blocks.blocks / 2 + 1) * blocks.trials
        sums = [Double](repeating: 0, count: room)
        squares = sums
        ratios = [Double](repeating: 0, count: 2 * blocks.trials)
    }

    mutating func run() {
        // The first block always goes to the first side: the other half of the splits are their mirror images.
        add(block: 0, side: 0, held: 0)
        deal(block: 1, held: (1, 0))
    }

    private mutating func deal(block: Int, held: (Int, Int)) {
        let half = blocks.blocks / 2
        if block == blocks.blocks {
            judge()
            return
        }
        if held.0 < half {
            add(block: block, side: 0, held: held.0)
            deal(block: block + 1, held: (held.0 + 1, held.1))
        }
        if held.1 < half {
            add(block: block, side: 1, held: held.1)
            deal(block: block + 1, held: (held.0, held.1 + 1))
        }
    }

    /// Writes the sums of a side that holds `held` blocks and gets one more.
    private mutating func add(block: Int, side: Int, held: Int) {
        let trials = blocks.trials
        let from = (side * (blocks.blocks / 2 + 1) + held) * trials
        let offset = block * trials
        sums.withUnsafeMutableBufferPointer { sums in
            blocks.sums.withUnsafeBufferPointer { added in
                for trial in 0..<trials { sums[from + trials + trial] = sums[from + trial] + added[offset + trial] }
            }
        }
        squares.withUnsafeMutableBufferPointer { squares in
            blocks.squares.withUnsafeBufferPointer { added in
                for trial in 0..<trials { squares[from + trials + trial] = squares[from + trial] + added[offset + trial] }
            }
        }
    }

    private mutating func judge() {
        let trials = blocks.trials
        fillRatios()
        ratios.withUnsafeBufferPointer { ratios in
            for side in 0..<2 {
                let inside = side * trials, outside = (1 - side) * trials
                var best = 0
                for trial in 1..<trials where ratios[inside + trial] > ratios[inside + best] { best = trial }
                let value = ratios[outside + best]
                var below = 0, equal = 0
                for trial in 0..<trials {
                    below += ratios[outside + trial] < value ? 1 : 0
                    equal += ratios[outside + trial] == value ? 1 : 0
                }
                chosen.append(
                    Chosen(inside: ratios[inside + best], outside: value, rank: Double(below) + Double(equal + 1) / 2))
            }
        }
    }

    private mutating func fillRatios() {
        let trials = blocks.trials, n = blocks.half
        let depth = blocks.blocks / 2
        ratios.withUnsafeMutableBufferPointer { ratios in
            sums.withUnsafeBufferPointer { sums in
                squares.withUnsafeBufferPointer { squares in
                    blocks.means.withUnsafeBufferPointer { means in
                        for side in 0..<2 {
                            let from = (side * (depth + 1) + depth) * trials
                            for trial in 0..<trials {
                                let sum = sums[from + trial], square = squares[from + trial]
                                let variance = (square - sum * sum / n) / (n - 1)
                                let ratio = (means[trial] + sum / n) / variance.squareRoot()
                                // What is left of a constant is rounding.
                                ratios[side * trials + trial] = variance * n > 1e-20 * means[trial] * means[trial] ? ratio : 0
                            }
                        }
                    }
                }
            }
        }
    }
}
