import Statistics

/// How good predictions were, compared with what came.
///
/// Pairs in which either value is not finite are left out; a figure that has no pairs left is NaN.
package enum Evaluation {
    /// The information coefficient: Pearson's correlation of predictions and outcomes, in -1...1.
    package static func informationCoefficient(_ predictions: [Double], _ outcomes: [Double]) -> Double {
        let pairs = Pairs(predictions, outcomes)
        return Correlation.pearson(pairs.first, pairs.second)
    }

    /// The rank information coefficient: Spearman's correlation, in -1...1.
    package static func rankInformationCoefficient(_ predictions: [Double], _ outcomes: [Double]) -> Double {
        let pairs = Pairs(predictions, outcomes)
        return Correlation.spearman(pairs.first, pairs.second)
    }

    /// The share of pairs in which prediction and outcome lie on the same side, in 0...1.
    ///
    /// A prediction's side is that of `center` (0 for returns, 0.5 for probabilities), an outcome's that of zero; pairs in which
    /// either is on no side are left out.
    package static func hitRate(_ predictions: [Double], _ outcomes: [Double], center: Double = 0) -> Double {
        let pairs = Pairs(predictions, outcomes)
        var hits = 0, count = 0
        for (prediction, outcome) in zip(pairs.first, pairs.second) where prediction != center && outcome != 0 {
            count += 1
            if (prediction > center) == (outcome > 0) { hits += 1 }
        }
        return count == 0 ? .nan : Double(hits) / Double(count)
    }

    /// The mean squared error.
    package static func meanSquaredError(_ predictions: [Double], _ outcomes: [Double]) -> Double {
        let pairs = Pairs(predictions, outcomes)
        var sum = CompensatedSum()
        for (prediction, outcome) in zip(pairs.first, pairs.second) { sum.add((prediction - outcome) * (prediction - outcome)) }
        return pairs.first.isEmpty ? .nan : sum.value / Double(pairs.first.count)
    }

    /// The mean of -ln of the probability that was given to the class that came, in nats.
    ///
    /// Classes are 0 and 1. Probabilities are held within 1e-15 of certainty, so that one miss cannot make the loss infinite.
    package static func logLoss(_ probabilities: [Double], _ classes: [Double]) -> Double {
        let pairs = Pairs(probabilities, classes)
        var sum = CompensatedSum()
        for (probability, outcome) in zip(pairs.first, pairs.second) {
            let held = min(max(probability, 1e-15), 1 - 1e-15)
            sum.add(-PortableMath.log(outcome > 0.5 ? held : 1 - held))
        }
        return pairs.first.isEmpty ? .nan : sum.value / Double(pairs.first.count)
    }

    private struct Pairs {
        var first: [Double] = []
        var second: [Double] = []

        init(_ a: [Double], _ b: [Double]) {
            for (x, y) in zip(a, b) where x.isFinite && y.isFinite {
                first.append(x)
                second.append(y)
            }
        }
    }
}
