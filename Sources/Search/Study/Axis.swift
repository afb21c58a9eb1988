import Foundation

/// A parameter as a line of coordinates: the logarithm on a log scale, the index of a choice, ordered or not, otherwise the value
/// itself.
package struct Axis: Sendable, Hashable {
    package let distribution: Distribution
    package let kind: Kind
    /// The ends of the line. Where values are discrete they lie half a step outside the outermost values.
    package let low: Double
    package let high: Double

    package enum Kind: Sendable, Hashable {
        /// Only one value: nothing to search.
        case fixed
        case continuous(log: Bool)
        /// Values `step` apart; `log` means that the line is that of their logarithms.
        case discrete(step: Double, log: Bool)
        case categorical(count: Int)
    }

    package init(_ distribution: Distribution) {
        self.distribution = distribution
        if distribution.count == 1 {
            (kind, low, high) = (.fixed, 0, 0)
            return
        }
        switch distribution {
        case .float(let low, let high, let log, nil):
            kind = .continuous(log: log)
            (self.low, self.high) = log ? (Foundation.log(low), Foundation.log(high)) : (low, high)
        case .float(let low, _, _, let step?):
            kind = .discrete(step: step, log: false)
            let top = distribution.value(at: .max).number ?? low
            (self.low, self.high) = (low - step / 2, top + step / 2)
        case .int(let low, _, let log, let step):
            kind = .discrete(step: Double(step), log: log)
            let (bottom, top) = (Double(low), distribution.value(at: .max).number ?? Double(low))
            let half = Double(step) / 2
            (self.low, self.high) =
                log ? (Foundation.log(bottom - half), Foundation.log(top + half)) : (bottom - half, top + half)
        case .categorical(let choices):
            kind = .categorical(count: choices.count)
            (self.low, self.high) = (0, Double(choices.count - 1))
        case .ordinal(let choices):
            kind = .discrete(step: 1, log: false)
            (self.low, self.high) = (-0.5, Double(choices.count) - 0.5)
        }
    }

    /// Where the first value lies, on a scale without logarithm.
    private var origin: Double {
        if case .ordinal = distribution { return 0 }
        return distribution.value(at: 0).number ?? 0
    }

    /// The length of the line.
    package var range: Double { high - low }

    /// Where `value` lies; 0 for a value the distribution does not have.
    package func coordinate(of value: ParameterValue) -> Double {
        switch kind {
        case .fixed: return 0
        case .continuous(let log), .discrete(_, let log):
            if case .ordinal(let choices) = distribution { return Double(choices.firstIndex(of: value) ?? 0) }
            guard let number = value.number else { return 0 }
            return log ? Foundation.log(number) : number
        case .categorical:
            guard case .categorical(let choices) = distribution, let index = choices.firstIndex(of: value) else { return 0 }
            return Double(index)
        }
    }

    /// The value nearest to `coordinate`.
    package func value(at coordinate: Double) -> ParameterValue {
        switch kind {
        case .fixed: return distribution.value(at: 0)
        case .categorical: return distribution.value(at: index(coordinate))
        case .continuous(let log):
            guard case .float(let low, let high, _, _) = distribution else { return distribution.value(at: 0) }
            return .double(min(high, max(low, log ? exp(coordinate) : coordinate)))
        case .discrete(let step, let log):
            return distribution.value(at: index((((log ? exp(coordinate) : coordinate) - origin) / step).rounded()))
        }
    }

    /// The value below which a share `u` in [0, 1) of the axis lies, each choice having an equal share.
    package func value(atShare u: Double) -> ParameterValue {
        if case .categorical(let count) = kind { return value(at: (u * Double(count)).rounded(.down)) }
        return value(at: low + u * range)
    }

    /// The share of the axis below `coordinate`; for a choice up to the middle of its share, for a fixed value 1/2.
    package func share(of coordinate: Double) -> Double {
        switch kind {
        case .fixed: 0.5
        case .categorical(let count): (coordinate + 0.5) / Double(count)
        case .continuous, .discrete: (coordinate - low) / range
        }
    }

    /// The value whose share of the axis holds `share`, which may lie outside [0, 1]; for a numeric axis.
    package func nearestValue(toShare share: Double) -> ParameterValue { value(at: low + share * range) }

    /// Where, as shares, the cell of the value at `share` of a discrete axis begins and ends. An outermost cell has one limit
    /// only: twice that.
    package func limits(aroundShare share: Double) -> (low: Double, high: Double) {
        guard case .discrete(let step, let log) = kind, let count = distribution.count else { return (0, 1) }
        let coordinate = low + share * range
        let position = Double(index((((log ? exp(coordinate) : coordinate) - origin) / step).rounded()))
        func limit(_ below: Double) -> Double {
            let value = origin + (min(Double(count - 2), max(0, below)) + 0.5) * step
            return ((log ? Foundation.log(value) : value) - low) / range
        }
        return (limit(position - 1), limit(position))
    }

    /// The ends of the cell that rounds to the value at `coordinate`; the point itself when the line is continuous.
    package func cell(at coordinate: Double) -> (low: Double, high: Double) {
        guard case .discrete(let step, let log) = kind else { return (coordinate, coordinate) }
        guard log else { return (coordinate - step / 2, coordinate + step / 2) }
        let number = exp(coordinate).rounded()
        return (Foundation.log(number - step / 2), Foundation.log(number + step / 2))
    }

    /// An index that is safe to convert whatever the rounding brought.
    private func index(_ value: Double) -> Int {
        let last = (distribution.count ?? 1) - 1
        return value > 0 ? Int(min(value, Double(last))) : 0
    }
}
