import Statistics
import Testing

@Suite struct CorrelationTests {
    let reference: Reference

    init() throws { reference = try Reference.load() }

    @Test func `correlations match SciPy`() {
        #expect(relativeError(Correlation.pearson(reference.x, reference.y), reference.pearson) < 1e-13)
        #expect(relativeError(Correlation.spearman(reference.x, reference.ties), reference.spearman) < 1e-13)
    }

    @Test func `equal values share their mean rank`() {
        #expect(Ranks.average(reference.ties) == reference.ranks)
        let ranks = Ranks.average([5, .nan, 5, 1])
        #expect(ranks[0] == 2.5 && ranks[1].isNaN && ranks[2] == 2.5 && ranks[3] == 1)
    }

    @Test func `a straight line correlates fully and a constant not at all`() {
        #expect(Correlation.pearson([1, 2, 3], [10, 20, 30]) == 1)
        #expect(Correlation.spearman([1, 2, 3], [1, 0, -100]) == -1)
        #expect(Correlation.pearson([1, 2, 3], [0.1, 0.1, 0.1]).isNaN)
        #expect(Correlation.pearson([1], [1]).isNaN && Correlation.pearson([1, 2], [1]).isNaN)
        #expect(Correlation.spearman([1, 2], [1]).isNaN && Correlation.pearson([1, .nan], [1, 2]).isNaN)
    }
}
