import Search
import Testing

@Suite struct GridSamplerTests {
    @Test func `a grid visits every point once, the last parameter first`() throws {
        let space = try SearchSpace([
            .init(name: "a", distribution: .int(low: 5, high: 15, step: 5)),
            .init(name: "b", distribution: .float(low: 0, high: 0.5, step: 0.25)),
            .init(name: "c", distribution: .categorical([.string("x"), .string("y")])),
        ])
        let size = try space.gridSize()
        #expect(size == 18)
        let history = TrialHistory(space: space)
        let points = (0..<size).map { GridSampler().suggest(trial: $0, history: history, seed: 1) }
        #expect(Set(points).count == 18)
        #expect(points[0] == [.int(5), .double(0), .string("x")])
        #expect(points[1] == [.int(5), .double(0), .string("y")])
        #expect(points[2] == [.int(5), .double(0.25), .string("x")])
        #expect(points[17] == [.int(15), .double(0.5), .string("y")])
        #expect(GridSampler().suggest(trial: 18, history: history, seed: 1) == points[0])
    }
}
