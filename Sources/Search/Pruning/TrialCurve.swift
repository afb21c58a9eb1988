/// How a trial has done so far, as a pruner sees it; lower is better. A study of several objectives gives one number a step that
/// stands for them all.
package struct TrialCurve: Sendable, Hashable {
    /// What it came to at each rung it has reached.
    package var values: [Double]
    /// What each of its steps came to by itself, in order; empty when its steps are not judged one by one.
    package var steps: [Double]

    package init(values: [Double], steps: [Double] = []) { (self.values, self.steps) = (values, steps) }

    /// A trial judged step by step: at each rung it has reached, it has come to the mean of its steps up to there.
    package init(steps: [Double], rungs: [Int]) {
        var values: [Double] = [], sum = 0.0, done = 0
        for rung in rungs where rung <= steps.count {
            while done < rung {
                sum += steps[done]
                done += 1
            }
            values.append(sum / Double(rung))
        }
        (self.values, self.steps) = (values, steps)
    }
}
