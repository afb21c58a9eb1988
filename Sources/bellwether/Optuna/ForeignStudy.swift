import Cluster
import Foundation

/// A study that another program ran, as far as it can be put on record here.
struct ForeignStudy {
    /// The values a parameter could take.
    enum Range: Hashable {
        case float(low: Double, high: Double, log: Bool, step: Double?)
        case int(low: Int, high: Int, log: Bool, step: Int)
        case choice([ParameterView])
    }

    var name: String
    var isMaximized: Bool
    var metric: String
    var parameters: [String: Range]
    /// In order of number; those that had not ended are left out.
    var trials: [ImportedTrial]

    /// The study as a request: a spec with an external objective, and the trials. A parameter with only one value is fixed in the
    /// spec and left out of the trials.
    func request(uid: String) throws -> ImportRequest {
        let fixed = parameters.filter { $0.value.isFixed }
        let spec: [String: Any] = [
            "job": "study", "name": name,
            "objective": ["external": [String: Any](), isMaximized ? "maximize" : "minimize": metric] as [String: Any],
            "parameters": parameters.mapValues(\.json),
            "search": ["sampler": "random", "trials": trials.count, "seed": 1] as [String: Any],
        ]
        let data = try JSONSerialization.data(withJSONObject: spec, options: [.sortedKeys, .withoutEscapingSlashes])
        let moved = trials.map { trial in
            var trial = trial
            for name in fixed.keys { trial.parameters[name] = nil }
            return trial
        }
        return ImportRequest(uid: uid, spec: String(decoding: data, as: UTF8.self), trials: moved)
    }
}

extension ForeignStudy.Range {
    var isFixed: Bool {
        switch self {
        case .float(let low, let high, _, _): low == high
        case .int(let low, let high, _, _): low == high
        case .choice(let choices): choices.count == 1
        }
    }

    /// As specs write it.
    fileprivate var json: Any {
        switch self {
        case .float(let low, let high, _, _) where low == high: return low
        case .int(let low, let high, _, _) where low == high: return low
        case .choice(let choices) where choices.count == 1: return choices[0].json
        case .float(let low, let high, let log, let step):
            var json: [String: Any] = ["float": [low, high]]
            if log { json["log"] = true }
            if let step { json["step"] = step }
            return json
        case .int(let low, let high, let log, let step):
            var json: [String: Any] = ["int": [low, high]]
            if log { json["log"] = true }
            if step != 1 { json["step"] = step }
            return json
        case .choice(let choices): return ["choice": choices.map(\.json)]
        }
    }

    /// A range that holds both; nil when there is none.
    func union(_ other: ForeignStudy.Range) -> ForeignStudy.Range? {
        if self == other { return self }
        if case .float(let a, let b, let log, let step) = self, case .float(let c, let d, let otherLog, let otherStep) = other {
            return log == otherLog && step == otherStep ? .float(low: min(a, c), high: max(b, d), log: log, step: step) : nil
        }
        if case .int(let a, let b, let log, let step) = self, case .int(let c, let d, let otherLog, let otherStep) = other {
            return log == otherLog && step == otherStep ? .int(low: min(a, c), high: max(b, d), log: log, step: step) : nil
        }
        return nil
    }
}

extension ParameterView {
    fileprivate var json: Any {
        switch self {
        case .number(let number): number
        case .text(let text): text
        }
    }
}
