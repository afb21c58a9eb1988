import Foundation

/// A form of covariance with fitted hyperparameters and the scale on which losses are read.
struct GPModel: Sendable {
    let scale: LossScale
    let kernel: MaternKernel
    let noise: Double

    /// The model of the first `count` completed trials, in the form and on the scale that the first `choice` of them favour.
    ///
    /// A function of those trials alone, so that a study that resumes finds the model it had. Fits look at `limit` trials.
    static func fit(_ history: TrialHistory, count: Int, choice: Int, limit: Int, _ encoding: CubeEncoding) -> GPModel {
        let (form, scale) = choose(history, trials(history, count: choice, limit: limit), encoding)
        let (evidence, _) = evidence(history, trials(history, count: count, limit: limit), form, scale, encoding)
        let (kernel, noise) = evidence.kernel(evidence.fit().parameters)
        return GPModel(scale: scale, kernel: kernel, noise: noise)
    }

    private static func choose(
        _ history: TrialHistory, _ trials: [Int], _ encoding: CubeEncoding
    ) -> (MaternKernel.Form, LossScale) {
        var best: (form: MaternKernel.Form, scale: LossScale, loss: Double) = (.joint, .linear, .infinity)
        // In one dimension there is nothing to add up.
        for form in MaternKernel.Form.allCases where encoding.dimensions > 1 || form == .joint {
            for scale in LossScale.allCases {
                let (evidence, density) = evidence(history, trials, form, scale, encoding)
                let loss = evidence.fit(iterations: 20).loss - density
                if loss < best.loss { best = (form, scale, loss) }
            }
        }
        return (best.form, best.scale)
    }

    private static func evidence(
        _ history: TrialHistory, _ trials: [Int], _ form: MaternKernel.Form, _ scale: LossScale, _ encoding: CubeEncoding
    ) -> (KernelEvidence, logDensity: Double) {
        let (values, density) = scale.values(trials.map { history.losses[$0] })
        let rows = trials.flatMap { encoding.row(history, $0) }
        return (KernelEvidence(form: form, isChoice: encoding.isChoice, rows: rows, values: values), density)
    }

    /// Of the first `count` completed trials those that a fit looks at: all, or the better half of the newest and the newest.
    private static func trials(_ history: TrialHistory, count: Int, limit: Int) -> [Int] {
        guard count > limit else { return Array(0..<count) }
        let newest = count - limit / 2
        let older = max(0, count - 4 * limit)..<newest
        let best = older.sorted { (history.losses[$0], $0) < (history.losses[$1], $1) }.prefix(limit - limit / 2)
        return best.sorted() + Array(newest..<count)
    }
}
