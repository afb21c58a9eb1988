import Diagnostics
package import LinearAlgebra

/// Linear least squares with a penalty on the size of the weights.
package enum RidgeRegression {
    /// The weights w and the intercept b that minimise |y - X w - b|² + l2 |w|².
    ///
    /// The intercept is not penalised: columns and labels are centred first. The normal equations (XᵀX + l2 I) w = Xᵀy are
    /// solved by Cholesky factors. Throws `E_TRAIN_SHAPE`, `E_TRAIN_ROWS`, `E_TRAIN_VALUE`, `E_MODEL_PENALTY`, and
    /// `E_MODEL_SINGULAR` when columns determine one another and l2 is too small to choose.
    package static func fit(x: Matrix, y: [Double], l2: Double) throws(LearningError) -> LinearModel {
        try TrainingRules.check(x: x, y: y, l2: l2)
        let (rows, columns) = (x.rows, x.columns)
        var means = [Double](repeating: 0, count: columns)
        var centred = x
        centred.withUnsafeMutableElements { x in
            means.withUnsafeMutableBufferPointer { means in
                // Relative to the first row, so that a constant column becomes exactly zero.
                for row in 1..<rows {
                    for column in 0..<columns { means[column] += x[row &* columns &+ column] - x[column] }
                }
                for column in 0..<columns { means[column] = x[column] + means[column] / Double(rows) }
                for row in 0..<rows {
                    for column in 0..<columns { x[row &* columns &+ column] -= means[column] }
                }
            }
        }
        let model = try solve(centred: centred, y: y, l2: l2)
        var intercept = model.intercept
        for column in 0..<columns { intercept -= means[column] * model.weights[column] }
        guard intercept.isFinite else { throw tooLarge }
        return LinearModel(kind: .ridge, weights: model.weights, intercept: intercept)
    }

    /// The fit for columns whose mean is zero already, with input that is known to be finite and of the right size.
    static func solve(centred: Matrix, y: [Double], l2: Double) throws(LearningError) -> LinearModel {
        let mean = y.reduce(0, +) / Double(y.count)
        var system = centred.gram()
        for column in 0..<system.columns { system[column, column] += l2 }
        let weights: [Double]
        do {
            weights = try Cholesky(system).solve(centred.transposedTimes(y.map { $0 - mean }))
        } catch {
            throw diagnose(error, l2: l2)
        }
        guard mean.isFinite, weights.allSatisfy(\.isFinite) else { throw tooLarge }
        return LinearModel(kind: .ridge, weights: weights, intercept: mean)
    }

    private static var tooLarge: LearningError {
        LearningError(.trainValue, "the features or labels are too large to be squared")
    }

    static func diagnose(_ error: LinearAlgebraError, l2: Double) -> LearningError {
        switch error.code {
        case .singular:
            LearningError(
                .modelSingular,
                "the features determine one another, and the penalty l2 \(l2) does not choose between them: \(error.message)",
                place: .key("/strategy/model/l2"),
                hint: "set l2 above zero, or remove a feature that is constant or repeats others")
        case .notFinite: LearningError(.trainValue, "the features are too large to be squared: \(error.message)")
        case .shape: LearningError(.trainShape, error.message)
        case .convergence: LearningError(.modelConvergence, error.message)
        }
    }
}
