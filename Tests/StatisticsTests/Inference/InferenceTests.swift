import Statistics
import Testing

/// Everything that SciPy, statsmodels or arch know too, against their numbers.
@Suite struct InferenceTests {
    let reference: InferenceReference

    init() throws { reference = try InferenceReference.load() }

    @Test func `Wilcoxon matches SciPy: exact, with ties, and in the limit`() {
        #expect(reference.wilcoxon.count == 4)
        for row in reference.wilcoxon {
            let result = WilcoxonSignedRank.test(row.x)
            #expect(result.statistic == row.result[0] && relativeError(result.pValue, row.result[1]) < 1e-12)
        }
        #expect(WilcoxonSignedRank.test([0, 0]).pValue.isNaN && WilcoxonSignedRank.test([.nan, 1]).pValue.isNaN)
        #expect(WilcoxonSignedRank.paired([1], [1, 2]).statistic.isNaN)
        // Of the 2^5 sign patterns two are as far from the middle as all differences on one side.
        #expect(WilcoxonSignedRank.paired([2, 3, 4, 5, 6], [1, 1, 1, 1, 1]) == TestResult(statistic: 0, pValue: 2.0 / 32))
    }

    @Test func `Diebold-Mariano with the small-sample correction matches a regression on a constant`() {
        #expect(reference.dieboldMariano.count == 3)
        for row in reference.dieboldMariano {
            let result = DieboldMariano.test(reference.losses, reference.others, horizon: Int(row[0]))
            #expect(relativeError(result.statistic, row[1]) < 1e-11 && relativeError(result.pValue, row[2]) < 1e-11)
        }
        #expect(DieboldMariano.test([1, 2], [1]).pValue.isNaN && DieboldMariano.test([1, 2], [1, 2], horizon: 2).pValue.isNaN)
        // Losses that alternate have a rectangular variance below zero at horizon 2.
        #expect(DieboldMariano.test([1, 0, 1, 0, 1, 0], [0, 1, 0, 1, 0, 1.5], horizon: 2).statistic.isNaN)
    }

    @Test func `Holm and Benjamini-Hochberg match statsmodels`() {
        let holm = MultipleTesting.holm(reference.pValues), rates = MultipleTesting.benjaminiHochberg(reference.pValues)
        for i in reference.pValues.indices {
            #expect(relativeError(holm[i], reference.holm[i]) < 1e-14)
            #expect(relativeError(rates[i], reference.benjaminiHochberg[i]) < 1e-14)
        }
        // One that is not known counts and stays unknown.
        let some = MultipleTesting.holm([0.01, .nan])
        #expect(some[0] == 0.02 && some[1].isNaN)
        #expect(MultipleTesting.holm([]).isEmpty && MultipleTesting.benjaminiHochberg([]).isEmpty)
    }

    @Test func `block lengths match arch`() {
        #expect(reference.blockLength.count == 4)
        for row in reference.blockLength {
            let length = BlockLength(optimalFor: row.x)
            // Below 1 there is no block.
            #expect(relativeError(length.stationary, max(1, row.stationary)) < 1e-9)
            #expect(relativeError(length.circular, max(1, row.circular)) < 1e-9)
        }
        #expect(BlockLength(optimalFor: [1, 2, 3]).circular == 1)
        #expect(BlockLength(optimalFor: [Double](repeating: 2, count: 50)).stationary == 1)
    }

    @Test func `superior predictive ability matches arch in raw mode, and Hansen's formula studentised`() {
        for (mode, expected) in [
            (SuperiorPredictiveAbility.Statistic.raw, reference.spaRaw), (.studentised, reference.spaStudentised),
        ] {
            var next = 0
            let result = SuperiorPredictiveAbility.test(
                gains: reference.gains, statistic: mode, meanBlockLength: 7, replications: reference.positions.count
            ) {
                defer { next += 1 }
                return reference.positions[next]
            }
            #expect(next == 200)
            #expect(relativeError(result.statistic, expected[0]) < 1e-9)
            #expect([result.lower, result.consistent, result.upper] == Array(expected[1...]))
            #expect(result.lower <= result.consistent && result.consistent <= result.upper)
        }
    }

    @Test func `superior predictive ability refuses what has no answer`() {
        func test(_ gains: [[Double]]) -> SuperiorPredictiveAbility { .test(gains: gains, seed: 1) }
        #expect(test([]).consistent.isNaN && test([[1, 2]]).consistent.isNaN && test([[1, 2, 3], [1, 2]]).consistent.isNaN)
        #expect(test([[1, 2, .nan, 4]]).upper.isNaN && test([[1, 1, 1, 1]]).best == nil)
        #expect(test([[1, 1, 1, 1, 1], [1, -1, 1, 1, -1]]).best == 1)
    }

    @Test func `correlations match NumPy, and groups SciPy's average linkage at every cut`() {
        let matrix = CorrelationMatrix(reference.trials)
        var mean = 0.0
        for i in 0..<12 {
            for j in 0..<12 {
                #expect(abs(matrix[i, j] - reference.correlations[i][j]) < 1e-14)
                if i != j { mean += reference.correlations[i][j] / 132 }
            }
        }
        #expect(abs(matrix.meanOffDiagonal - mean) < 1e-14)
        #expect(reference.groups.count == 7)
        for row in reference.groups {
            let groups = AverageLinkage.groups(count: 12, cut: row.cut) { i, j in
                (0.5 * (1 - matrix[i, j])).squareRoot()
            }
            #expect(groups == row.labels, "cut at \(row.cut)")
        }
        #expect(AverageLinkage.groups(count: 0, cut: 1) { _, _ in 0 }.isEmpty)
        #expect(AverageLinkage.groups(count: 5, cut: 0) { _, _ in 0 } == [0, 0, 0, 0, 0])
        let flat = CorrelationMatrix([[1, 1, 1], [1, 2, 3], [1, 2]])
        #expect(flat[0, 1] == 0 && flat[1, 2] == 0 && flat[0, 0] == 1)
    }

    @Test func `least squares match statsmodels`() throws {
        let fit = try #require(LeastSquares(reference.explained, on: reference.factors))
        for (found, expected) in zip([fit.coefficients, fit.standardErrors, fit.pValues], reference.leastSquares) {
            #expect(found.count == 3)
            for (a, b) in zip(found, expected) { #expect(relativeError(a, b) < 1e-9) }
        }
        #expect(relativeError(fit.rSquared, reference.leastSquares[3][0]) < 1e-12)
        #expect(relativeError(fit.residualDeviation, reference.leastSquares[3][1]) < 1e-12 && fit.degrees == 87)
        let line = [1.0, 2, 3, 4]
        #expect(LeastSquares(line, on: [line, line]) == nil && LeastSquares(line, on: [[1, 1, 1, 1]]) == nil)
        #expect(LeastSquares([1, 2], on: [[1, 3]]) == nil && LeastSquares(line, on: [[1, 2, 3]]) == nil)
        #expect(LeastSquares(line, on: [[1, 2, 4, .nan]]) == nil)
        // Without columns it is the mean.
        let mean = try #require(LeastSquares(line, on: []))
        #expect(abs(mean.coefficients[0] - 2.5) < 1e-15 && abs(mean.rSquared) < 1e-15)
    }

    @Test func `intervals of a normal estimate and of replications`() {
        let normal = ConfidenceInterval(estimate: 1, standardError: 2, confidence: 0.95)
        #expect(abs(normal.lower + 2.919927969) < 1e-9 && abs(normal.upper - 4.919927969) < 1e-9)
        let replicated = ConfidenceInterval(replications: (0...100).map(Double.init) + [.nan], confidence: 0.9)
        #expect(abs(replicated.lower - 5) < 1e-12 && abs(replicated.upper - 95) < 1e-12 && replicated.contains(50))
    }
}
