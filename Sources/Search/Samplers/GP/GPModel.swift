import Foundation

/// A form of covariance with fitted hyperparameters and the scale on which losses are read.
struct GPModel: Sendable {
    let scale: LossScale
    let kernel: CovarianceKernel
    let noise: Double

    /// The model of the first `count` completed trials, in the form and on the scale that the first `choice` of them favour.
    ///
    /// A function of those trials alone, so that a study that resumes finds the model it had. Fits look at `limit` trials.
    static func fit(_ history: TrialHistory, count: Int, choice: Int, limit: Int, _ encoding: CubeEncoding) -> GPModel {
        let choice = choose(history, trials(history, count: choice, limit: limit), encoding)
        let (evidence, _) = evidence(history, trials(history, count: count, limit: limit), choice, encoding)
        let (kernel, noise) = evidence.kernel(evidence.fit().parameters)
        return GPModel(scale: choice.scale, kernel: kernel, noise: noise)
    }

    /// What the evidence decides on beside the hyperparameters.
    private struct Choice {
        var form = CovarianceKernel.Form.joint
        var shape = CovarianceKernel.Shape.matern
        var scale = LossScale.linear
    }

    private static func choose(_ history: TrialHistory, _ trials: [Int], _ encoding: CubeEncoding) -> Choice {
        var best: (choice: Choice, loss: Double) = (Choice(), .infinity)
        // In one dimension there is nothing to add up.
        for form in CovarianceKernel.Form.allCases where encoding.dimensions > 1 || form == .joint {
            for shape in CovarianceKernel.Shape.allCases {
                for scale in LossScale.allCases {
                    let choice = Choice(form: form, shape: shape, scale: scale)
                    let (evidence, density) = evidence(history, trials, choice, encoding)
                    let loss = evidence.fit(iterations: 20).loss - density
                    if loss < best.loss { best = (choice, loss) }
                }
            }
        }
        return best.choice
    }

    private static func evidence(
        _ history: TrialHistory, _ trials: [Int], _ choice: Choice, _ encoding: CubeEncoding
    ) -> (KernelEvidence, logDensity: Double) {
        let (values, density) = choice.scale.values(history.steeringLosses(trials))
        let rows = trials.flatMap { encoding.row(history, $0) }
        let evidence = KernelEvidence(
            form: choice.form, shape: choice.shape, isChoice: encoding.isChoice, rows: rows, values: values)
        return (evidence, density)
    }

    /// Of the first `count` completed trials those that a fit looks at: all, or the better half of the newest and the newest.
    private static func trials(_ history: TrialHistory, count: Int, limit: Int) -> [Int] {
        guard count > limit else { return Array(0..<count) }
        let newest = count - limit / 2
        let older = max(0, count - 4 * limit)..<newest
        let best = older.sorted {
            (history.violations[$0], history.losses[$0], $0) < (history.violations[$1], history.losses[$1], $1)
        }.prefix(limit - limit / 2)
        return best.sorted() + Array(newest..<count)
    }
}
