import Statistics
import Testing

@Suite struct CompensatedSumTests {
    @Test func `small terms survive between large ones`() {
        #expect(CompensatedSum.of([1, 1e100, 1, -1e100]) == 2)
        #expect(CompensatedSum.of([Double](repeating: 0.1, count: 1_000_000)) == 100_000)
        #expect(CompensatedSum.of([]) == 0)
    }

    @Test func `infinity and NaN pass through`() {
        #expect(CompensatedSum.of([1, .infinity, 2]) == .infinity)
        #expect(CompensatedSum.of([.infinity, -.infinity]).isNaN)
        #expect(CompensatedSum.of([1, .nan]).isNaN)
    }
}
