import Cluster
import Foundation

/// A parameter's distribution as Optuna's storages keep it: JSON with the name of a class and its attributes.
struct OptunaDistribution: Codable {
    var name: String
    var attributes: Attributes

    struct Attributes: Codable {
        var low: Double?
        var high: Double?
        var log: Bool?
        var step: Double?
        var choices: [Choice]?
    }

    /// A choice; one that is neither a number nor a text is named as Python would.
    struct Choice: Codable {
        var value: ParameterView

        init(_ value: ParameterView) { self.value = value }

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if container.decodeNil() {
                value = .text("None")
            } else if let truth = try? container.decode(Bool.self) {
                value = .text(truth ? "True" : "False")
            } else {
                value = try container.decode(ParameterView.self)
            }
        }

        func encode(to encoder: any Encoder) throws { try value.encode(to: encoder) }
    }

    /// The values that a distribution gives; nil for what is no distribution.
    static func range(_ text: String) -> ForeignStudy.Range? {
        guard let found = try? JSONDecoder().decode(OptunaDistribution.self, from: Data(text.utf8)) else { return nil }
        let attributes = found.attributes
        switch found.name {
        case "CategoricalDistribution":
            guard let choices = attributes.choices, !choices.isEmpty else { return nil }
            return .choice(choices.map(\.value))
        case "FloatDistribution":
            guard let low = attributes.low, let high = attributes.high else { return nil }
            return .float(low: low, high: high, log: attributes.log ?? false, step: attributes.step)
        case "IntDistribution":
            guard let low = attributes.low.flatMap({ Int(exactly: $0) }), let high = attributes.high.flatMap({ Int(exactly: $0) })
            else {
                return nil
            }
            return .int(
                low: low, high: high, log: attributes.log ?? false, step: attributes.step.flatMap { Int(exactly: $0) } ?? 1)
        default: return nil
        }
    }

    init(_ parameter: SearchedView) {
        if let choices = parameter.choices {
            name = "CategoricalDistribution"
            attributes = Attributes(choices: choices.map(Choice.init))
        } else {
            name = parameter.isWhole == true ? "IntDistribution" : "FloatDistribution"
            attributes = Attributes(
                low: parameter.low ?? 0, high: parameter.high ?? 1, log: parameter.scale == "log", step: parameter.step)
        }
    }

    var text: String { CanonicalJSON.encode(self) }

    /// A value as Optuna keeps it: a choice by its index.
    static func internalValue(_ value: ParameterView, _ parameter: SearchedView) -> Double? {
        if let choices = parameter.choices { return choices.firstIndex(of: value).map(Double.init) }
        if case .number(let number) = value { return number }
        return nil
    }
}
