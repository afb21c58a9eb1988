import Diagnostics
package import LinearAlgebra
import Statistics

/// Logistic regression with a penalty on the size of the weights.
package enum LogisticRegression {
    /// The weights w and the intercept b that minimise sum(ln(1 + e^m) - y m) + l2/2 |w|² with m = X w + b and y 0 or 1.
    ///
    /// It is scikit-learn's objective with C = 1/l2. The intercept is not penalised. Solved by Newton's method (iteratively
    /// reweighted least squares) with step halving. Throws `E_TRAIN_SHAPE`, `E_TRAIN_ROWS`, `E_TRAIN_VALUE`, `E_MODEL_PENALTY`,
    /// `E_LABEL_CLASS` unless there are labels of both classes, `E_MODEL_SEPARATION` when the classes can be told apart without
    /// error and l2 is zero, so that no weights are best, `E_MODEL_SINGULAR`, and `E_MODEL_CONVERGENCE` after
    /// `maximumIterations`.
    package static func fit(
        x: Matrix, y: [Double], l2: Double, maximumIterations: Int = 100
    ) throws(LearningError) -> LinearModel {
        try TrainingRules.check(x: x, y: y, l2: l2)
        guard y.allSatisfy({ $0 == 0 || $0 == 1 }) else {
            throw LearningError(.labelClass, "a class label is neither 0 nor 1")
        }
        guard y.contains(0), y.contains(1) else {
            throw LearningError(
                .labelClass, "all \(y.count) labels are of class \(Int(y[0]))",
                hint: "use a longer train range, so that both classes occur")
        }
        var state = State(x: x, y: y, l2: l2)
        do {
            for _ in 0..<maximumIterations {
                guard try state.step() else { continue }
                try state.checkSeparation()
                let weights = Array(state.parameters.dropLast())
                return LinearModel(kind: .logistic, weights: weights, intercept: state.parameters[weights.count])
            }
        } catch let error as LinearAlgebraError {
            // Separated classes drive all curvature to zero, which looks like a singular system.
            try state.checkSeparation()
            throw RidgeRegression.diagnose(error, l2: l2)
        } catch let error as LearningError {
            throw error
        } catch {
            throw LearningError(.modelConvergence, "the fit failed: \(error)")
        }
        try state.checkSeparation()
        throw LearningError(
            .modelConvergence, "the logistic fit did not settle in \(maximumIterations) steps", place: .key("/strategy/model/l2"),
            hint: "use a larger l2")
    }

    /// Where Newton's method is.
    private struct State {
        let x: Matrix
        let y: [Double]
        let l2: Double
        /// The weights and, last, the intercept.
        var parameters: [Double]
        var margins: [Double]
        /// e^-|margin| of each row, from which both the objective and the probability follow.
        var powers: [Double]
        var objective: Double
        /// The rows with a 1 at the end, each times the root of its weight.
        var weighted: Matrix

        init(x: Matrix, y: [Double], l2: Double) {
            self.x = x
            self.y = y
            self.l2 = l2
            parameters = [Double](repeating: 0, count: x.columns + 1)
            margins = [Double](repeating: 0, count: x.rows)
            powers = [Double](repeating: 1, count: x.rows)
            objective = .infinity
            weighted = Matrix(rows: x.rows, columns: x.columns + 1, repeating: 0)
            objective = value(at: parameters, margins: margins, powers: powers)
        }

        /// Takes one Newton step; true when it was the last one needed.
        mutating func step() throws -> Bool {
            let columns = x.columns
            let residuals = weigh()
            var gradient = try x.transposedTimes(residuals)
            for column in 0..<columns { gradient[column] += l2 * parameters[column] }
            gradient.append(residuals.reduce(0, +))
            var curvature = weighted.gram()
            for column in 0..<columns { curvature[column, column] += l2 }
            let direction = try Cholesky(curvature).solve(gradient)
            var decrement = 0.0
            for (g, d) in zip(gradient, direction) { decrement += g * d }

            var length = 1.0
            for _ in 0..<40 {
                var candidate = parameters
                for place in candidate.indices { candidate[place] -= length * direction[place] }
                var reached = try x.times(Array(candidate.dropLast()))
                for row in reached.indices { reached[row] += candidate[columns] }
                let decays = reached.map { PortableMath.exp(-abs($0)) }
                let value = value(at: candidate, margins: reached, powers: decays)
                // Close to the minimum the objective no longer shows whether a step was good; it must only not get worse.
                if value <= objective + 1e-12 * abs(objective) {
                    (parameters, margins, powers, objective) = (candidate, reached, decays, value)
                    // A full Newton step squares the error, so the step after this one would be lost in rounding.
                    return length == 1 && decrement <= 1e-12 * (1 + abs(objective))
                }
                length /= 2
            }
            throw LearningError(.modelConvergence, "the logistic fit found no step that improves it", hint: "use a larger l2")
        }

        /// Fills `weighted` for the current margins and gives probability - y for each row.
        private mutating func weigh() -> [Double] {
            let columns = x.columns
            let width = columns + 1
            var residuals = [Double](repeating: 0, count: y.count)
            x.withUnsafeElements { x in
                weighted.withUnsafeMutableElements { weighted in
                    for row in residuals.indices {
                        let power = powers[row]
                        let probability = margins[row] >= 0 ? 1 / (1 + power) : power / (1 + power)
                        residuals[row] = probability - y[row]
                        let root = (probability * (1 - probability)).squareRoot()
                        for column in 0..<columns { weighted[row &* width &+ column] = x[row &* columns &+ column] * root }
                        weighted[row &* width &+ columns] = root
                    }
                }
            }
            return residuals
        }

        private func value(at parameters: [Double], margins: [Double], powers: [Double]) -> Double {
            var sum = 0.0
            for row in margins.indices {
                let margin = margins[row]
                // ln(1 + e^m) - y m, written so that nothing overflows.
                sum += max(margin, 0) - y[row] * margin + PortableMath.log(1 + powers[row])
            }
            var squares = 0.0
            for weight in parameters.dropLast() { squares += weight * weight }
            return sum + 0.5 * l2 * squares
        }

        /// Throws `E_MODEL_SEPARATION` when, without a penalty, some rows are classified beyond any doubt.
        ///
        /// A margin above 30 is a probability within 1e-13 of certainty, which no finite best weights give to data that overlap.
        func checkSeparation() throws(LearningError) {
            guard l2 == 0 else { return }
            let separated = margins.indices.allSatisfy { y[$0] == 1 ? margins[$0] > 0 : margins[$0] < 0 }
            guard separated || margins.contains(where: { abs($0) > 30 }) else { return }
            throw LearningError(
                .modelSeparation, "the features tell the classes apart without error, so the weights grow without bound",
                place: .key("/strategy/model/l2"), hint: "set l2 above zero")
        }
    }
}
