/// Goes through every point of a space whose parameters are all discrete; the last parameter varies fastest.
///
/// The space passes `SearchSpace.gridSize`; a number beyond the last point starts over.
package struct GridSampler: Sampler {
    package init() {}

    package var readsHistory: Bool { false }

    package func suggest(trial number: Int, history: TrialHistory, seed: UInt64) -> [ParameterValue] {
        var rest = max(0, number)
        var values: [ParameterValue] = []
        for parameter in history.space.parameters.reversed() {
            let count = parameter.distribution.count ?? 1
            values.append(parameter.distribution.value(at: rest % count))
            rest /= count
        }
        return values.reversed()
    }
}
