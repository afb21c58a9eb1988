import Statistics
import Testing

@Suite struct NormalTests {
    let reference: Reference

    init() throws { reference = try Reference.load() }

    @Test func `density and probability match 60-digit arithmetic, tails included`() {
        for row in reference.normalPDF { #expect(relativeError(Normal.pdf(row[0]), row[1]) < 1e-15, "pdf \(row[0])") }
        for row in reference.normalCDF where row[1] > 1e-300 {
            #expect(relativeError(Normal.cdf(row[0]), row[1]) < 1e-15, "cdf \(row[0])")
            #expect(Normal.survival(-row[0]) == Normal.cdf(row[0]))
        }
        for row in reference.normalLogCDF { #expect(relativeError(Normal.logCDF(row[0]), row[1]) < 1e-15, "logCDF \(row[0])") }
    }

    @Test func `quantiles match 60-digit arithmetic`() {
        for row in reference.normalQuantile {
            #expect(abs(Normal.quantile(row[0]) - row[1]) <= 1e-15 * max(1, abs(row[1])), "quantile \(row[0])")
        }
    }

    @Test func `the quantile undoes the probability`() {
        for x in stride(from: -8.0, through: 5, by: 0.01) {
            // Above zero the probability itself holds fewer digits of the tail.
            #expect(abs(Normal.quantile(Normal.cdf(x)) - x) < (x < 0 ? 1e-14 : 1e-9))
        }
    }

    @Test func `the ends are limits and the outside is NaN`() {
        #expect(Normal.cdf(-.infinity) == 0 && Normal.cdf(.infinity) == 1 && Normal.cdf(.nan).isNaN)
        #expect(Normal.cdf(-1e200) == 0 && Normal.cdf(1e200) == 1)
        #expect(Normal.quantile(0) == -.infinity && Normal.quantile(1) == .infinity)
        #expect(Normal.quantile(-0.1).isNaN && Normal.quantile(1.1).isNaN && Normal.quantile(.nan).isNaN)
        #expect(Normal.pdf(.infinity) == 0 && Normal.pdf(1e200) == 0 && Normal.pdf(.nan).isNaN)
        #expect(Normal.logCDF(.infinity) == 0 && Normal.logCDF(-.infinity) == -.infinity)
    }
}
