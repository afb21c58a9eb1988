import Learning
import Testing

@Suite struct EvaluationTests {
    @Test("scores equal SciPy's and scikit-learn's")
    func reference() throws {
        let scores = try Fixtures.reference().scores
        let found = [
            Evaluation.informationCoefficient(scores.predictions, scores.outcomes),
            Evaluation.rankInformationCoefficient(scores.predictions, scores.outcomes),
            Evaluation.hitRate(scores.predictions, scores.outcomes),
            Evaluation.meanSquaredError(scores.predictions, scores.outcomes),
            Evaluation.logLoss(scores.probabilities, scores.classes),
        ]
        #expect(
            Fixtures.near(found, [scores.pearson, scores.spearman, scores.hits, scores.mse, scores.logLoss], 1e-12), "\(found)")
    }

    @Test("pairs with a missing value are left out")
    func missing() {
        let predictions = [1, .nan, 2, 3, .infinity], outcomes = [2, 5, 4, .nan, 1]
        #expect(Evaluation.meanSquaredError(predictions, outcomes) == 2.5)
        #expect(abs(Evaluation.informationCoefficient(predictions, outcomes) - 1) < 1e-15)
    }

    @Test("without pairs there is no score")
    func empty() {
        #expect(Evaluation.informationCoefficient([], []).isNaN)
        #expect(Evaluation.rankInformationCoefficient([1], [1]).isNaN)
        #expect(Evaluation.hitRate([0, 1], [1, 0]).isNaN)
        #expect(Evaluation.meanSquaredError([.nan], [1]).isNaN)
        #expect(Evaluation.logLoss([], []).isNaN)
        #expect(Evaluation.informationCoefficient([1, 1, 1], [1, 2, 3]).isNaN)
    }

    @Test("a probability's side is that of one half, and a sure miss costs a finite amount")
    func probabilities() {
        #expect(Evaluation.hitRate([0.6, 0.4, 0.7, 0.5], [0.01, -0.02, -0.01, 1], center: 0.5) == 2.0 / 3)
        #expect(abs(Evaluation.logLoss([0], [1]) - 34.538776394910684) < 1e-9)
        #expect(Evaluation.logLoss([1], [1]) < 1e-14)
    }
}
