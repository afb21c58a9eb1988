import Statistics
import Testing

@Suite struct MomentsTests {
    let reference: Reference

    init() throws { reference = try Reference.load() }

    private func expectReference(_ moments: Moments, within tolerance: Double) {
        let found = [moments.mean, moments.variance(ddof: 0), moments.variance(), moments.skewness, moments.kurtosis]
        for (a, b) in zip(found, reference.moments) { #expect(relativeError(a, b) < tolerance) }
    }

    @Test func `moments of an array match SciPy`() {
        expectReference(Moments(reference.x), within: 1e-13)
        #expect(Moments(reference.x).count == 61)
    }

    @Test func `moments fed value by value match SciPy`() {
        var moments = Moments()
        for value in reference.x { moments.add(value) }
        expectReference(moments, within: 1e-12)
    }

    @Test func `merged moments are those of all values, wherever they are split`() {
        for split in 0...reference.x.count {
            var moments = Moments(Array(reference.x[..<split]))
            moments.merge(Moments(Array(reference.x[split...])))
            expectReference(moments, within: 1e-12)
            #expect(moments.count == 61)
        }
    }

    @Test func `a large offset does not spoil the variance`() {
        #expect(Moments([1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16]).variance() == 30)
        let constant = Moments([Double](repeating: 0.1, count: 1000))
        #expect(constant.variance() == 0 && constant.mean == 0.1)
        #expect(constant.skewness.isNaN && constant.kurtosis.isNaN)
    }

    @Test func `too few values give NaN`() {
        #expect(Moments().mean.isNaN && Moments().variance(ddof: 0).isNaN && Moments().skewness.isNaN)
        #expect(Moments([2]).mean == 2 && Moments([2]).variance(ddof: 0) == 0 && Moments([2]).variance().isNaN)
        #expect(Moments([1, .nan]).mean.isNaN)
    }
}
