package import LinearAlgebra
import Statistics

/// A weight for each feature and an intercept.
package struct LinearModel: Sendable, Hashable, Codable {
    /// What the weighted sum means.
    package enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        /// The predicted label itself, fitted by least squares with an l2 penalty.
        case ridge
        /// The log-odds of class 1; predictions are probabilities.
        case logistic
    }

    package let kind: Kind
    package let weights: [Double]
    package let intercept: Double

    package init(kind: Kind, weights: [Double], intercept: Double) {
        self.kind = kind
        self.weights = weights
        self.intercept = intercept
    }

    /// The prediction for one row of features: a value (ridge) or a probability (logistic).
    ///
    /// Allocates nothing. Throws `E_FEATURE_WIDTH` when the row has not one value per weight.
    package func predict(_ row: UnsafeBufferPointer<Double>) throws(LearningError) -> Double {
        guard row.count == weights.count else {
            throw LearningError(.featureWidth, "the row has \(row.count) features, the model has \(weights.count)")
        }
        guard let first = row.baseAddress else { return answer(intercept) }
        return weights.withUnsafeBufferPointer { weights in
            guard let start = weights.baseAddress else { return answer(intercept) }
            return predict(start, first, weights.count)
        }
    }

    /// The same for an array.
    package func predict(_ row: [Double]) throws(LearningError) -> Double {
        try row.withUnsafeBufferPointer { row throws(LearningError) in try predict(row) }
    }

    /// One prediction per row, each with the very bits that the prediction of the row alone has.
    package func predict(_ x: Matrix) throws(LearningError) -> [Double] {
        try x.withUnsafeElements { values throws(LearningError) in try predict(values, rows: x.rows) }
    }

    /// One prediction per row of values that lie row after row.
    package func predict(_ values: UnsafeBufferPointer<Double>, rows: Int) throws(LearningError) -> [Double] {
        let width = weights.count
        guard rows >= 0, rows.multipliedReportingOverflow(by: width) == (values.count, false) else {
            throw LearningError(.featureWidth, "\(values.count) values are not \(rows) rows of \(width) features")
        }
        guard let first = values.baseAddress else { return [Double](repeating: answer(intercept), count: rows) }
        return weights.withUnsafeBufferPointer { weights in
            guard let start = weights.baseAddress else { return [Double](repeating: answer(intercept), count: rows) }
            return [Double](unsafeUninitializedCapacity: rows) { result, count in
                for row in 0..<rows { result.initializeElement(at: row, to: predict(start, first + row * width, width)) }
                count = rows
            }
        }
    }

    @inline(__always)
    private func predict(_ weights: UnsafePointer<Double>, _ row: UnsafePointer<Double>, _ count: Int) -> Double {
        var sum = intercept
        for place in 0..<count { sum += weights[place] * row[place] }
        return answer(sum)
    }

    @inline(__always)
    private func answer(_ sum: Double) -> Double {
        kind == .ridge ? sum : Self.logistic(sum)
    }

    /// 1/(1 + e^-x).
    package static func logistic(_ x: Double) -> Double {
        if x >= 0 { return 1 / (1 + PortableMath.exp(-x)) }
        let power = PortableMath.exp(x)
        return power / (1 + power)
    }
}
