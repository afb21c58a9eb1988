import Statistics
import Testing

@Suite struct StudentTTests {
    let reference: Reference

    init() throws { reference = try Reference.load() }

    @Test func `t probabilities match SciPy`() {
        for row in reference.studentT {
            #expect(relativeError(StudentT.cdf(row[0], degrees: row[1]), row[2]) < 1e-12, "cdf \(row)")
            #expect(relativeError(StudentT.survival(row[0], degrees: row[1]), row[3]) < 1e-12, "survival \(row)")
        }
        #expect(StudentT.cdf(1.5, degrees: .infinity) == Normal.cdf(1.5))
        #expect(StudentT.cdf(0, degrees: -1).isNaN && StudentT.cdf(.nan, degrees: 3).isNaN)
        #expect(StudentT.cdf(.infinity, degrees: 3) == 1 && StudentT.cdf(-.infinity, degrees: 3) == 0)
    }

    @Test func `chi-square probabilities match SciPy`() {
        for row in reference.chiSquare {
            #expect(relativeError(ChiSquare.cdf(row[0], degrees: row[1]), row[2]) < 1e-12 || row[2] < 1e-290, "cdf \(row)")
            #expect(
                relativeError(ChiSquare.survival(row[0], degrees: row[1]), row[3]) < 1e-12 || row[3] < 1e-290, "survival \(row)")
        }
        #expect(ChiSquare.cdf(-1, degrees: 2) == 0 && ChiSquare.survival(0, degrees: 2) == 1)
        #expect(ChiSquare.cdf(1, degrees: 0).isNaN)
    }

    @Test func `the logarithm of the beta function does not cancel`() {
        for row in reference.logBeta { #expect(relativeError(GammaFunctions.logBeta(row[0], row[1]), row[2]) < 2e-14, "\(row)") }
    }
}
