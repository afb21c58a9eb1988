import Foundation

/// The completed trials of a study in columns, for looking back at it.
package struct TrialTable: Sendable {
    package let space: SearchSpace
    package let axes: [Axis]
    /// The trials' own numbers, in order.
    package let numbers: [Int]
    /// Lower is better.
    package let losses: [Double]
    /// One column per parameter: the share of its axis below each trial's value; NaN where a trial does not have it.
    package let shares: [[Double]]
    /// One column per parameter: the cell of its grid that holds each trial's value; -1 where a trial does not have it.
    package let cells: [[Int]]
    /// Cells of each parameter's grid.
    package let cellCounts: [Int]

    /// The most trials that are looked at. Of more, every so-manieth in order of number is taken, and the best.
    package static let limit = 2_000
    /// Cells of a parameter that has no steps.
    static let gridSize = 50

    /// `trials` are in order of number; those without a value are left out.
    package init(space: SearchSpace, trials: [Trial], direction: Direction) {
        let known = trials.filter { $0.value?.isFinite == true }
        func loss(_ trial: Trial) -> Double { (trial.value ?? .nan) * (direction == .minimize ? 1 : -1) }
        let best = known.indices.min { loss(known[$0]) < loss(known[$1]) }
        let step = (known.count + Self.limit - 1) / Self.limit
        let taken = known.indices.filter { step <= 1 || $0 % step == 0 || $0 == best }.map { known[$0] }
        self.space = space
        axes = space.parameters.map { Axis($0.distribution) }
        numbers = taken.map(\.number)
        losses = taken.map(loss)
        cellCounts = axes.map(Self.cellCount)
        var shares: [[Double]] = []
        var cells: [[Int]] = []
        for (place, parameter) in space.parameters.enumerated() {
            let (axis, count) = (axes[place], cellCounts[place])
            let values = taken.map { $0.parameters[parameter.name].flatMap(parameter.distribution.normalized) }
            shares.append(values.map { $0.map { axis.share(of: axis.coordinate(of: $0)) } ?? .nan })
            cells.append(values.map { $0.map { Self.cell(of: $0, on: axis, count: count) } ?? -1 })
        }
        (self.shares, self.cells) = (shares, cells)
    }

    package var count: Int { losses.count }
    /// The place of the best trial; of equals the first.
    package var best: Int? { losses.indices.min { losses[$0] < losses[$1] } }

    /// The shares of the trial at `index`; 1/2 for a parameter it does not have.
    package func point(_ index: Int) -> [Double] { shares.map { $0[index].isNaN ? 0.5 : $0[index] } }

    private static func cellCount(_ axis: Axis) -> Int {
        switch axis.kind {
        case .fixed: 1
        case .continuous: gridSize
        case .categorical(let count): count
        case .discrete(let step, true):
            min(gridSize, Int(log2((exp(axis.high) - exp(axis.low)).rounded() - step + 1).rounded(.up)) + 1)
        case .discrete: min(gridSize, axis.distribution.count ?? gridSize)
        }
    }

    /// Cells are centred on evenly spaced values from the lowest to the highest; half-way lies in the lower one.
    private static func cell(of value: ParameterValue, on axis: Axis, count: Int) -> Int {
        let coordinate = axis.coordinate(of: value)
        if case .categorical = axis.kind { return Int(coordinate) }
        guard count > 1 else { return 0 }
        let lowest = axis.coordinate(of: axis.distribution.value(at: 0))
        let highest: Double =
            if case .continuous = axis.kind { axis.high } else { axis.coordinate(of: axis.distribution.value(at: .max)) }
        let low = if case .continuous = axis.kind { axis.low } else { lowest }
        let place = ((coordinate - low) / (highest - low) * Double(count - 1) - 0.5).rounded(.up)
        return Int(min(Double(count - 1), max(0, place)))
    }
}
