import Learning
import LinearAlgebra
import Testing

@Suite struct RidgeRegressionTests {
    @Test("weights, intercept and predictions equal scikit-learn's to 1e-8")
    func scikitLearn() throws {
        let fits = try Fixtures.reference().fits
        let x = try Fixtures.matrix(fits.x)
        for wanted in fits.ridge {
            let model = try RidgeRegression.fit(x: x, y: fits.y, l2: wanted.l2)
            #expect(model.kind == .ridge)
            #expect(Fixtures.near(model.weights, wanted.weights, 1e-8), "l2 \(wanted.l2)")
            #expect(Fixtures.near([model.intercept], [wanted.intercept], 1e-8), "l2 \(wanted.l2)")
            #expect(Fixtures.near(try model.predict(Fixtures.matrix(Array(fits.x[..<5]))), wanted.predictions, 1e-8))
        }
    }

    @Test("one feature has the closed form slope covariance/(variance + l2/n)")
    func closedForm() throws {
        let x = try Matrix(rows: 4, columns: 1, values: [1, 2, 4, 5])
        let model = try RidgeRegression.fit(x: x, y: [3, 5, 9, 11], l2: 10)
        #expect(Fixtures.near(model.weights, [20.0 / 20], 1e-15))
        #expect(Fixtures.near([model.intercept], [7 - 3], 1e-15))
    }

    @Test("the intercept is not penalised: a shift of the labels shifts only it")
    func shift() throws {
        let fits = try Fixtures.reference().fits
        let x = try Fixtures.matrix(fits.x)
        let a = try RidgeRegression.fit(x: x, y: fits.y, l2: 50)
        let b = try RidgeRegression.fit(x: x, y: fits.y.map { $0 + 1_000 }, l2: 50)
        #expect(Fixtures.near(b.weights, a.weights, 1e-10))
        #expect(Fixtures.near([b.intercept - a.intercept], [1_000], 1e-10))
    }

    @Test("features that repeat each other need a penalty")
    func singular() throws {
        let x = try Fixtures.matrix((0..<20).map { row -> [Double] in [Double(row % 7), Double(2 * (row % 7) + 3)] })
        let y = (0..<20).map { Double($0) }
        let error = try #require(throws: LearningError.self) { try RidgeRegression.fit(x: x, y: y, l2: 0) }
        #expect(error.code == "E_MODEL_SINGULAR")
        #expect(error.hint?.contains("l2") == true)
        #expect(try RidgeRegression.fit(x: x, y: y, l2: 0.1).weights.allSatisfy { $0.isFinite })
        let constant = try Fixtures.matrix((0..<20).map { row -> [Double] in [Double(row), 4.2] })
        #expect(throws: LearningError.self) { try RidgeRegression.fit(x: constant, y: y, l2: 0) }
        let ignored = try RidgeRegression.fit(x: constant, y: y, l2: 0.1)
        #expect(abs(ignored.weights[1]) < 1e-12)
    }

    @Test("input that cannot be fitted is refused by name")
    func refused() throws {
        let x = try Fixtures.matrix([[1], [2], [3]])
        func code(_ x: Matrix, _ y: [Double], _ l2: Double) throws -> String {
            try #require(throws: LearningError.self) { try RidgeRegression.fit(x: x, y: y, l2: l2) }.code
        }
        #expect(try code(x, [1, 2], 1) == "E_TRAIN_SHAPE")
        #expect(try code(Matrix(rows: 3, columns: 0, repeating: 0), [1, 2, 3], 1) == "E_TRAIN_SHAPE")
        #expect(try code(Matrix(rows: 1, columns: 1, repeating: 0), [1], 1) == "E_TRAIN_ROWS")
        #expect(try code(Matrix(rows: 0, columns: 1, repeating: 0), [], 1) == "E_TRAIN_ROWS")
        #expect(try code(x, [1, .nan, 3], 1) == "E_TRAIN_VALUE")
        #expect(try code(Fixtures.matrix([[1], [.infinity], [2]]), [1, 2, 3], 1) == "E_TRAIN_VALUE")
        #expect(try code(Fixtures.matrix([[1e200], [-1e200], [2]]), [1, 2, 3], 1) == "E_TRAIN_VALUE")
        for l2 in [-1, -.ulpOfOne, .nan, Double.infinity] { #expect(try code(x, [1, 2, 3], l2) == "E_MODEL_PENALTY") }
    }
}
