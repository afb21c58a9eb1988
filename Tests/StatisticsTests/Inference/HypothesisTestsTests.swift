import Statistics
import Testing

@Suite struct HypothesisTestsTests {
    let reference: Reference

    init() throws { reference = try Reference.load() }

    private func expect(_ result: TestResult, _ reference: [Double], _ tolerance: Double = 1e-12) {
        #expect(relativeError(result.statistic, reference[0]) < tolerance)
        #expect(relativeError(result.pValue, reference[1]) < tolerance)
    }

    @Test func `t tests match SciPy`() {
        expect(TTest.oneSample(reference.x, mean: 0.0005), reference.tOneSample)
        expect(TTest.paired(reference.x, reference.y), reference.tPaired)
        #expect(TTest.paired([1, 2], [1]).statistic.isNaN)
        #expect(TTest.oneSample([1]).pValue.isNaN && TTest.oneSample([]).pValue.isNaN)
        #expect(TTest.oneSample([0.1, 0.1, 0.1]).statistic == .infinity && TTest.oneSample([0.1, 0.1]).pValue == 0)
    }

    @Test func `Newey-West statistics match statsmodels`() {
        for row in reference.neweyWest { expect(NeweyWest.test(reference.x, lags: Int(row[0])), Array(row[1...])) }
        #expect(NeweyWest.defaultLags(count: 5030) == 9 && NeweyWest.defaultLags(count: 100) == 4)
        #expect(NeweyWest.defaultLags(count: 0) == 0)
        #expect(NeweyWest.test([]).statistic.isNaN && NeweyWest.test([1, 2, 3], lags: .max).statistic.isFinite)
    }

    @Test func `Kolmogorov-Smirnov matches SciPy, exactly for small samples and in the limit for large ones`() {
        expect(KolmogorovSmirnov.test(reference.x, reference.z), reference.ksExact)
        let large = KolmogorovSmirnov.test(reference.bigX, reference.bigY)
        #expect(relativeError(large.statistic, reference.ksLarge[0]) < 1e-12)
        // The limit is an approximation: the exact probability lies a few percent away at these sizes.
        #expect(relativeError(large.pValue, reference.ksLarge[1]) < 0.1)
        for row in reference.kolmogorov {
            #expect(relativeError(KolmogorovSmirnov.limitSurvival(row[0]), row[1]) < 1e-13, "\(row)")
        }
        #expect(KolmogorovSmirnov.limitSurvival(0) == 1)
    }

    @Test func `Kolmogorov-Smirnov of equal and of separate samples`() {
        #expect(KolmogorovSmirnov.test([1, 2, 3], [1, 2, 3]) == TestResult(statistic: 0, pValue: 1))
        // 2 of the C(6,3) = 20 orders keep the samples fully apart.
        let apart = KolmogorovSmirnov.test([1, 2, 3], [4, 5, 6])
        #expect(apart.statistic == 1 && abs(apart.pValue - 0.1) < 1e-15)
        #expect(KolmogorovSmirnov.test([], [1]).pValue.isNaN)
    }

    @Test func `the stationary bootstrap has the block lengths it was asked for and repeats from its seed`() {
        var bootstrap = StationaryBootstrap(meanBlockLength: 10, seed: 4)
        let indices = bootstrap.indices(count: 100_000)
        let joins = zip(indices, indices.dropFirst()).count { ($0 + 1) % 100_000 != $1 }
        #expect(abs(100_000 / Double(joins + 1) - 10) < 0.5)
        #expect(indices.allSatisfy { (0..<100_000).contains($0) })
        var again = StationaryBootstrap(meanBlockLength: 10, seed: 4)
        #expect(again.indices(count: 100_000) == indices)
        #expect(bootstrap.indices(count: 0).isEmpty)
    }

    @Test func `the ordinary bootstrap of a mean has the standard error of the mean`() {
        var bootstrap = StationaryBootstrap(meanBlockLength: 1, seed: 8)
        let means = bootstrap.replicate(reference.x, replications: 4000) { Moments($0).mean }
        let expected = (Moments(reference.x).variance(ddof: 0) / 61).squareRoot()
        // The standard error of a standard deviation from 4,000 draws is 1.1 %.
        #expect(abs(Moments(means).standardDeviation() / expected - 1) < 0.05)
    }
}
