import Foundation
import Statistics
import Testing

@Suite struct SequentialMeanTestTests {
    private struct Spending: Decodable {
        struct Case: Decodable {
            let counts: [Int]
            let level, exponent: Double
            let values: [Double]
        }
        let cases: [Case]
    }

    @Test func `boundaries of alpha spending are those of the multivariate normal distribution`() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../Reference/spending.json")
        for known in try JSONDecoder().decode(Spending.self, from: Data(contentsOf: file)).cases {
            let boundary = SpendingBoundary(counts: known.counts, level: known.level, exponent: known.exponent)
            for (value, expected) in zip(boundary.values, known.values) {
                // SciPy's integrals over four and five dimensions are good to about 1e-6.
                #expect(abs(value - expected) < 2e-5, "\(boundary.values)")
            }
            #expect(boundary.values.count == known.values.count)
        }
    }

    @Test func `looks come every so many observations and after the last`() {
        #expect(SpendingBoundary.counts(total: 10, first: 4, step: 3) == [4, 7, 10])
        #expect(SpendingBoundary.counts(total: 9, first: 4, step: 3) == [4, 7, 9])
        #expect(SpendingBoundary.counts(total: 3, first: 4, step: 1) == [3])
        let boundary = SpendingBoundary(counts: [4, 7, 9], level: 0.1, exponent: 2)
        #expect(boundary.value(after: 7) == boundary.values[1])
        #expect(boundary.value(after: 8) == nil)
    }

    /// A first-order autoregression with variance 1.
    private func series(_ count: Int, correlation: Double, _ generator: inout SplitMix64) -> [Double] {
        var value = generator.gaussian()
        return (0..<count).map { index in
            if index > 0 { value = correlation * value + (1 - correlation * correlation).squareRoot() * generator.gaussian() }
            return value
        }
    }

    @Test(arguments: [0, 0.3, 0.6]) func `pooled autocorrelation of short series is near the true one`(_ correlation: Double) {
        var generator = SplitMix64(seed: 5)
        var pool = SerialCorrelation()
        for number in 0..<3_000 { pool.add(series(12 + number % 20, correlation: correlation, &generator)) }
        #expect(abs(pool.value - correlation) < 0.02, "\(pool.value)")
    }

    @Test func `autocorrelation ignores series that say nothing, and the scale of the others`() {
        var generator = SplitMix64(seed: 6)
        var (pool, scaled) = (SerialCorrelation(), SerialCorrelation())
        for _ in 0..<40 {
            let values = series(20, correlation: 0.5, &generator)
            pool.add(values)
            scaled.add(values.map { 8 * $0 + 3 })
        }
        #expect(abs(pool.value - scaled.value) < 1e-9 && pool.value > 0.3)
        let before = pool
        pool.add([1, 2])
        pool.add([1, 1, 1])
        pool.add([.infinity, 0, 1])
        #expect(pool == before)
        #expect(SerialCorrelation().value == 0)
    }

    @Test func `the variance of a mean is inflated by the sum of the correlations`() {
        for (correlation, count) in [(0.0, 5), (0.3, 7), (0.8, 20)] {
            var sum = 0.0
            for i in 0..<count { for j in 0..<count { sum += pow(correlation, Double(abs(i - j))) } }
            #expect(abs(SerialCorrelation.inflation(correlation, count) - sum / Double(count)) < 1e-12)
        }
    }

    @Test func `a look at uncorrelated values is a t test`() throws {
        let test = SequentialMeanTest(boundary: SpendingBoundary(counts: [6, 8], level: 0.1, exponent: 2))
        // Alternating values: the estimate of the autocorrelation is zero, not negative.
        let values = [1.0, -0.5, 1.5, -0.2, 1.2, -0.4]
        let look = try #require(test.look(at: values))
        #expect(abs(look.pValue - TTest.oneSample(values).pValue / 2) < 1e-12)
        #expect(abs(look.threshold - 0.1 * pow(0.75, 2)) < 1e-12)
        #expect(test.look(at: Array(values.prefix(5))) == nil)
        #expect(test.look(at: [1, 1, 1, 1, 1, 1])?.isAboveZero == true)
        #expect(test.look(at: [0, 0, 0, 0, 0, 0])?.isAboveZero == false)
    }

    @Test(arguments: [0, 0.3, 0.5]) func `the level holds over all looks together`(_ correlation: Double) {
        let counts = SpendingBoundary.counts(total: 20, first: 4, step: 1)
        let boundary = SpendingBoundary(counts: counts, level: 0.1, exponent: 2.5, estimatesVariance: true)
        let test = SequentialMeanTest(boundary: boundary)
        var generator = SplitMix64(seed: 9)
        var pool = SerialCorrelation()
        for _ in 0..<200 { pool.add(series(20, correlation: correlation, &generator)) }
        var (stopped, fooled) = (0, 0)
        let repeats = 2_000
        for _ in 0..<repeats {
            let values = series(20, correlation: correlation, &generator)
            let looks = counts.map { Array(values[..<$0]) }
            if looks.contains(where: { test.look(at: $0, correlation: pool)?.isAboveZero == true }) { stopped += 1 }
            // What testing at the level after every window does.
            if looks.contains(where: { TTest.oneSample($0).pValue < 0.2 && $0.reduce(0, +) > 0 }) { fooled += 1 }
        }
        // The standard error of a share of 10 % in 2,000 is 0.7 %: two of them are allowed.
        #expect(Double(stopped) / Double(repeats) < 0.114)
        #expect(Double(fooled) / Double(repeats) > 0.25)
    }
}
