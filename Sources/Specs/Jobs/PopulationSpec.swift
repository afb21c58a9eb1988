/// How a population of programs trains: all of them in step, the worst going on from the checkpoints of the best.
package struct PopulationSpec: Sendable, Hashable {
    /// The steps of a whole run, and how many lie between two exchanges.
    package var steps: Int
    package var every: Int
    /// The share of the members that is replaced at each exchange.
    package var quantile: Double
    /// How likely a parameter is drawn anew rather than changed a little.
    package var resample: Double

    package static let memberRange = 2...10_000

    /// After how many steps each generation ends; the last is all of them.
    package var generations: [Int] { Array(stride(from: every, to: steps, by: every)) + [steps] }
}

extension PopulationSpec {
    static func decode(_ cursor: Cursor) -> PopulationSpec? {
        guard let map = cursor.map(["steps", "every", "quantile", "resample"], what: "a population") else { return nil }
        let range = 1...PrunerSpec.stepLimit
        let steps = map.required("steps", hint: "how many steps a whole run of the program has")?.int(range, unit: "steps")
        let every = map.required("every", hint: "how many steps lie between two exchanges")?.int(range, unit: "steps")
        let quantile = map["quantile"].map { $0.double(0.01...0.5) } ?? 0.25
        let resample = map["resample"].map { $0.double(0...1) } ?? 0.25
        guard let steps, let every, let quantile, let resample else { return nil }
        let spec = PopulationSpec(steps: steps, every: every, quantile: quantile, resample: resample)
        guard every < steps else {
            map["every"]?.report("E_SPEC_RANGE", "no exchange lies within a run of \(steps) steps", hint: "set every lower")
            return nil
        }
        guard spec.generations.count <= PrunerSpec.programRungLimit else {
            let least = (steps + PrunerSpec.programRungLimit - 1) / PrunerSpec.programRungLimit
            map["every"]?.report(
                "E_SPEC_RANGE", "\(spec.generations.count) generations are more than the limit of \(PrunerSpec.programRungLimit)",
                hint: "set every to \(least) or more")
            return nil
        }
        return spec
    }

    var json: JSONValue {
        .object([
            "steps": .int(steps), "every": .int(every), "quantile": .double(quantile), "resample": .double(resample),
        ])
    }
}
