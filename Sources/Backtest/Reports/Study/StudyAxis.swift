import Foundation

/// A parameter as the axis of a chart: a line of coordinates with its ticks.
struct StudyAxis {
    let parameter: StudySheet.Parameter
    let range: ClosedRange<Double>

    init(_ parameter: StudySheet.Parameter) {
        self.parameter = parameter
        let low = parameter.isLog && parameter.low > 0 ? log10(parameter.low) : parameter.low
        let high = parameter.isLog && parameter.low > 0 ? log10(parameter.high) : parameter.high
        let isUsable = low.isFinite && high.isFinite && low < high
        let margin = parameter.choices.isEmpty ? 0 : 0.5
        range = isUsable ? (low - margin)...(high + margin) : 0...1
    }

    /// Where a value lies; NaN for one that has no place.
    func place(_ value: Double) -> Double {
        let place = parameter.isLog && parameter.low > 0 ? log10(value) : value
        return place.isFinite ? min(max(place, range.lowerBound), range.upperBound) : .nan
    }

    /// The share of the axis below a value.
    func share(_ value: Double) -> Double { (place(value) - range.lowerBound) / (range.upperBound - range.lowerBound) }

    /// About `count` places with their labels.
    func ticks(count: Int) -> [(place: Double, label: String)] {
        if !parameter.choices.isEmpty {
            let step = max(1, (parameter.choices.count + count - 1) / max(1, count))
            return stride(from: 0, to: parameter.choices.count, by: step).map {
                (Double($0), Format.cut(parameter.choices[$0], to: 12))
            }
        }
        guard parameter.isLog, parameter.low > 0 else {
            let ticks = Ticks(range.lowerBound, range.upperBound, count: count)
            return ticks.values.map { ($0, Format.number($0, ticks.decimals)) }
        }
        let first = Int(range.lowerBound.rounded(.up)), last = Int(range.upperBound.rounded(.down))
        guard first <= last else {
            return [(range.lowerBound, Self.short(parameter.low)), (range.upperBound, Self.short(parameter.high))]
        }
        let step = max(1, (last - first + count) / max(1, count))
        return stride(from: first, through: last, by: step).map { (Double($0), Self.short(pow(10, Double($0)))) }
    }

    /// A number in few characters.
    static func short(_ value: Double) -> String {
        let text = String(format: "%.3g", value)
        return text.replacingOccurrences(of: "e+0", with: "e").replacingOccurrences(of: "e-0", with: "e-")
    }

    /// The name without the sections that it is in.
    var shortName: String { parameter.name.split(separator: ".").last.map(String.init) ?? parameter.name }
}
