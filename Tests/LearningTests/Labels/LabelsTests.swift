import Learning
import MarketData
import Testing

@Suite struct LabelsTests {
    @Test("a label is the return of holding for the horizon, and the last rows have none")
    func returns() throws {
        let labels = try Labels.forwardReturns([100, 110, 99, 132], horizon: 2)
        #expect(Fixtures.near(Array(labels[..<2]), [-0.01, 0.2], 1e-15))
        #expect(labels[2].isNaN && labels[3].isNaN)
        #expect(try Labels.forwardReturns([1, 2], horizon: 5).allSatisfy { $0.isNaN })
        #expect(try Labels.forwardReturns([], horizon: 1).isEmpty)
    }

    @Test("directions are the signs as classes")
    func directions() {
        let classes = Labels.directions([0.1, 0, -0.2, .nan])
        #expect(classes[..<3] == [1, 0, 0] && classes[3].isNaN)
    }

    @Test("a horizon that looks nowhere is refused", arguments: [0, -1, 5_001, Int.max, Int.min])
    func horizon(_ horizon: Int) throws {
        let error = try #require(throws: LearningError.self) { try Labels.forwardReturns([1, 2, 3], horizon: horizon) }
        #expect(error.code == "E_LABEL_HORIZON")
    }

    @Test("rows are usable when every feature and the label are finite")
    func usable() throws {
        let matrix = FeatureMatrix(
            names: try Fixtures.features(["return_1", "gap"]), values: [.nan, 1, 1, 1, 2, .infinity, 3, 3, 4, 4])
        #expect(Labels.usableRows(matrix, labels: [1, 1, 1, 1, .nan], in: 0..<5) == [1, 3])
        #expect(Labels.usableRows(matrix, labels: [1, 1], in: -3..<99) == [1])
    }
}
