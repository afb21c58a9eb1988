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
        var sampler = GridSampler()
        let points = (0..<size).map { sampler.suggest(trial: $0, history: history, seed: 1) }
        #expect(Set(points).count == 18)
        #expect(points[0] == [.int(5), .double(0), .string("x")])
        #expect(points[1] == [.int(5), .double(0), .string("y")])
        #expect(points[2] == [.int(5), .double(0.25), .string("x")])
        #expect(points[17] == [.int(15), .double(0.5), .string("y")])
        let again = sampler.suggest(trial: 18, history: history, seed: 1)
        #expect(again == points[0])
    }

    @Test func `points that a condition excludes are passed over`() throws {
        let space = try SearchSpace(
            [
                .init(name: "a", distribution: .int(low: 1, high: 4)), .init(name: "b", distribution: .int(low: 1, high: 4)),
            ], constraints: [SearchConstraint(parsing: "a < b")])
        #expect(try GridSampler.size(of: space, limit: 1_000) == 6)
        var sampler = GridSampler()
        let history = TrialHistory(space: space)
        let points = (0..<6).map { sampler.suggest(trial: $0, history: history, seed: 1) }
        #expect(Set(points).count == 6)
        #expect(points.allSatisfy(space.isFeasible))
        // Going back, as a study that resumes does.
        let third = sampler.suggest(trial: 2, history: history, seed: 1)
        #expect(third == points[2])
    }
}
