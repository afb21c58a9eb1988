import Statistics
import Testing

@Suite struct QuantileTests {
    @Test func `quantiles match NumPy to the last bit`() throws {
        let reference = try Reference.load()
        for row in reference.quantiles { #expect(Quantile.type7(reference.x, row[0]) == row[1]) }
    }

    @Test func `a quantile interpolates between order statistics`() {
        #expect(Quantile.type7([4, 1, 3, 2], 0.5) == 2.5)
        #expect(Quantile.type7([10, 20], 0.25) == 12.5)
        #expect(Quantile.type7([7], 0.9) == 7)
    }

    @Test func `impossible questions give NaN`() {
        #expect(Quantile.type7([], 0.5).isNaN)
        #expect(Quantile.type7([1, 2], 1.01).isNaN && Quantile.type7([1, 2], -0.1).isNaN && Quantile.type7([1, 2], .nan).isNaN)
        #expect(Quantile.type7([1, .nan], 0.5).isNaN)
    }

    @Test func `the empirical distribution is the share at or below`() {
        let cdf = EmpiricalCDF([3, 1, 2, 2, .nan])
        #expect(cdf(0.9) == 0 && cdf(1) == 0.25 && cdf(2) == 0.75 && cdf(2.5) == 0.75 && cdf(3) == 1)
        #expect(cdf(.nan).isNaN && EmpiricalCDF([])(1).isNaN)
        #expect(cdf.quantile(0.5) == 2)
    }
}
