import Learning
import LinearAlgebra
import Testing

@Suite struct LogisticRegressionTests {
    @Test("weights, intercept and probabilities equal scikit-learn's to 1e-8")
    func scikitLearn() throws {
        let fits = try Fixtures.reference().fits
        let x = try Fixtures.matrix(fits.x)
        let scaled = try Scaler.fit(x).transform(x)
        for wanted in fits.logistic {
            let model = try LogisticRegression.fit(x: scaled, y: fits.classes, l2: wanted.l2)
            #expect(model.kind == .logistic)
            #expect(Fixtures.near(model.weights, wanted.weights, 1e-8), "l2 \(wanted.l2): \(model.weights)")
            #expect(Fixtures.near([model.intercept], [wanted.intercept], 1e-8), "l2 \(wanted.l2)")
            #expect(Fixtures.near(try model.predict(Fixtures.matrix(fits.scaled)), wanted.predictions, 1e-8))
        }
    }

    @Test("without features that matter, the intercept is the log-odds of the classes")
    func closedForm() throws {
        let x = try Fixtures.matrix([[1], [-1], [1], [-1], [1], [-1], [1], [-1]])
        let model = try LogisticRegression.fit(x: x, y: [1, 1, 1, 1, 1, 1, 0, 0], l2: 1)
        #expect(abs(model.weights[0]) < 1e-12)
        #expect(abs(model.intercept - 1.0986122886681098) < 1e-12)
    }

    @Test("classes that can be told apart are refused without a penalty and fitted with one")
    func separated() throws {
        let x = try Fixtures.matrix((0..<40).map { row -> [Double] in [Double(row), Double(row * row % 17)] })
        let y = (0..<40).map { $0 < 20 ? 0.0 : 1 }
        let error = try #require(throws: LearningError.self) { try LogisticRegression.fit(x: x, y: y, l2: 0) }
        #expect(error.code == "E_MODEL_SEPARATION")
        let model = try LogisticRegression.fit(x: x, y: y, l2: 1e-3)
        #expect(model.weights.allSatisfy { $0.isFinite })
        #expect(zip(try model.predict(x), y).allSatisfy { ($0 > 0.5) == ($1 == 1) })
    }

    @Test("classes that touch in one point only are refused without a penalty too")
    func quasiSeparated() throws {
        let x = try Fixtures.matrix([[-3], [-2], [-1], [0], [0], [1], [2], [3]])
        let error = try #require(throws: LearningError.self) {
            try LogisticRegression.fit(x: x, y: [0, 0, 0, 0, 1, 1, 1, 1], l2: 0)
        }
        #expect(["E_MODEL_SEPARATION", "E_MODEL_SINGULAR"].contains(error.code), "\(error)")
    }

    @Test("far larger and far smaller features and penalties still settle")
    func extremes() throws {
        let fits = try Fixtures.reference().fits
        for scale in [1e-6, 1e6] {
            for l2 in [1e-8, 1e8] {
                let x = try Fixtures.matrix(fits.x.map { $0.map { $0 * scale } })
                let model = try LogisticRegression.fit(x: x, y: fits.classes, l2: l2)
                #expect((model.weights + [model.intercept]).allSatisfy { $0.isFinite })
            }
        }
    }

    @Test("repeated features need a penalty")
    func singular() throws {
        let fits = try Fixtures.reference().fits
        let x = try Fixtures.matrix(fits.x.map { [$0[0], 2 * $0[0]] })
        let error = try #require(throws: LearningError.self) { try LogisticRegression.fit(x: x, y: fits.classes, l2: 0) }
        #expect(error.code == "E_MODEL_SINGULAR")
        let model = try LogisticRegression.fit(x: x, y: fits.classes, l2: 1)
        #expect(abs(model.weights[1] - 2 * model.weights[0]) < 1e-10)
    }

    @Test("labels that are no classes, or of one class, are refused")
    func classes() throws {
        let x = try Fixtures.matrix([[1], [2], [3]])
        for y in [[0, 1, 2], [0, 0.5, 1], [1, 1, 1], [0, 0, 0], [-1, 1, 1]] as [[Double]] {
            let error = try #require(throws: LearningError.self) { try LogisticRegression.fit(x: x, y: y, l2: 1) }
            #expect(error.code == "E_LABEL_CLASS")
        }
    }

    @Test("the logistic function is right at its ends")
    func function() {
        #expect(LinearModel.logistic(0) == 0.5)
        #expect(LinearModel.logistic(1_000) == 1)
        #expect(LinearModel.logistic(-1_000) == 0)
        #expect(abs(LinearModel.logistic(2) - 0.8807970779778823) < 1e-15)
        #expect(abs(LinearModel.logistic(-40) - 4.248354255291589e-18) < 1e-32)
        #expect(LinearModel.logistic(.nan).isNaN)
    }
}
