import Learning
import LinearAlgebra
import Testing

@Suite struct ScalerTests {
    @Test("means, scales and scaled rows equal scikit-learn's")
    func scikitLearn() throws {
        let fits = try Fixtures.reference().fits
        let x = try Fixtures.matrix(fits.x)
        let scaler = try Scaler.fit(x)
        #expect(Fixtures.near(scaler.means, fits.means, 1e-13))
        #expect(Fixtures.near(scaler.scales, fits.scales, 1e-13))
        #expect(Fixtures.near(Array(try scaler.transform(x).values[..<20]), Array(fits.scaled.joined()), 1e-12))
    }

    @Test("a constant column becomes zero, whatever its size")
    func constant() throws {
        let x = try Fixtures.matrix((0..<1_000).map { [0.1, 1e9 + 1.0 / 3, 0, Double($0)] })
        let scaler = try Scaler.fit(x)
        #expect(scaler.scales[..<3] == [1, 1, 1])
        let scaled = try scaler.transform(x)
        #expect((0..<1_000).allSatisfy { abs(scaled[$0, 0]) < 1e-12 && abs(scaled[$0, 1]) < 1e-3 && scaled[$0, 2] == 0 })
    }

    @Test("columns without a finite spread are refused")
    func refused() throws {
        #expect(throws: LearningError.self) { try Scaler.fit(Matrix(rows: 0, columns: 2, repeating: 0)) }
        for bad in [Double.nan, .infinity, 1e300] {
            #expect(throws: LearningError.self) { try Scaler.fit(Fixtures.matrix([[1], [bad], [-bad]])) }
        }
        #expect(throws: LearningError.self) { try Scaler(means: [0], scales: [0]) }
        #expect(throws: LearningError.self) { try Scaler(means: [0, 1], scales: [1]) }
        #expect(throws: LearningError.self) { try Scaler(means: [0], scales: [1]).transform(Fixtures.matrix([[1, 2]])) }
    }
}
