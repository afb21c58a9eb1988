import Foundation
import Statistics

/// The parameters of a space that have more than one value as dimensions of the unit cube: a number by its share of the axis, a
/// choice by its index.
struct CubeEncoding: Sendable {
    /// The position of each dimension's parameter in the space, and its axis.
    let parameters: [(index: Int, axis: Axis)]

    init(_ axes: [Axis]) {
        parameters = axes.enumerated().compactMap { index, axis in
            if case .fixed = axis.kind { nil } else { (index, axis) }
        }
    }

    var dimensions: Int { parameters.count }

    /// Which dimensions are choices.
    var isChoice: [Bool] {
        parameters.map { if case .categorical = $0.axis.kind { true } else { false } }
    }

    var hasContinuous: Bool { parameters.contains { if case .continuous = $0.axis.kind { true } else { false } } }
    var hasDiscrete: Bool { parameters.contains { if case .continuous = $0.axis.kind { false } else { true } } }

    /// The place of a coordinate in dimension `d`.
    func place(_ coordinate: Double, in d: Int) -> Double {
        if case .categorical = parameters[d].axis.kind { return coordinate }
        return parameters[d].axis.share(of: coordinate)
    }

    /// The value at a place in dimension `d`.
    func value(_ place: Double, in d: Int) -> ParameterValue {
        let axis = parameters[d].axis
        if case .categorical = axis.kind { return axis.value(at: place) }
        return axis.nearestValue(toShare: place)
    }

    /// `place` moved to the nearest one that a value has.
    func snapped(_ place: Double, in d: Int) -> Double {
        let axis = parameters[d].axis
        if case .continuous = axis.kind { return min(1, max(0, place)) }
        return self.place(axis.coordinate(of: value(place, in: d)), in: d)
    }

    /// The point at the given shares of the axes.
    func point(shares: [Double]) -> [Double] {
        parameters.indices.map { d in
            let axis = parameters[d].axis
            return place(axis.coordinate(of: axis.value(atShare: shares[d])), in: d)
        }
    }

    /// The values of all parameters of the space at a point, given the axes.
    func values(_ point: [Double], axes: [Axis]) -> [ParameterValue] {
        var values = axes.map { $0.value(at: $0.low) }
        for d in parameters.indices { values[parameters[d].index] = value(point[d], in: d) }
        return values
    }

    /// The point of the values of all parameters of the space.
    func point(_ values: [ParameterValue]) -> [Double] {
        parameters.indices.map { place(parameters[$0].axis.coordinate(of: values[parameters[$0].index]), in: $0) }
    }

    /// A point near `point`: some of its dimensions moved, at least one.
    func neighbor(of point: [Double], width: Double, _ generator: inout SplitMix64) -> [Double] {
        var result = point
        let one = Int(generator.integer(below: UInt64(max(1, dimensions))))
        for d in parameters.indices where d == one || generator.uniform() < 0.5 {
            if case .categorical(let count) = parameters[d].axis.kind {
                if d == one { result[d] = Double(generator.integer(below: UInt64(count))) }
            } else {
                result[d] = snapped(point[d] + width * generator.gaussian(), in: d)
            }
        }
        return result
    }

    /// The region for continuous dimensions, the point itself in the others.
    func continuousBounds(around point: [Double], in region: SearchRegion) -> (lower: [Double], upper: [Double]) {
        let isContinuous = parameters.map { if case .continuous = $0.axis.kind { true } else { false } }
        return (
            point.indices.map { isContinuous[$0] ? region.ends($0).lowerBound : point[$0] },
            point.indices.map { isContinuous[$0] ? region.ends($0).upperBound : point[$0] }
        )
    }

    /// The points that differ from `point` in dimension `d` only, if it is discrete: all of them when they are few, otherwise
    /// those one, two, four ... steps away.
    func moves(of point: [Double], in d: Int) -> [[Double]] {
        let axis = parameters[d].axis
        guard let count = axis.distribution.count else { return [] }
        var places: [Double] = []
        if count <= 16 {
            places = (0..<count).map { place(axis.coordinate(of: axis.distribution.value(at: $0)), in: d) }
        } else if case .categorical = axis.kind {
            places = (0..<count).map(Double.init)
        } else {
            var reach = 1.0 / Double(count)
            while reach < 0.5 {
                places += [snapped(point[d] - reach, in: d), snapped(point[d] + reach, in: d)]
                reach *= 2
            }
        }
        return places.filter { $0 != point[d] }.map { place in
            var moved = point
            moved[d] = place
            return moved
        }
    }
}
