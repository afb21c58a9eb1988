import Statistics

/// Decides whether live rows come from the distribution a model was trained on.
///
/// Each feature's live shares in the training deciles are compared by the population stability index
/// sum((live - trained) ln(live/trained)), the shares smoothed by half a row per bin so that an empty bin stays finite.
/// For n independent rows of an unchanged distribution the index is about chi-square with 9 degrees of freedom times
/// (1/n + 1/N), N the training rows: with 200 live rows it exceeds 0.25 less than once in a million times. Rows of neighbouring
/// bars are not independent: a slow feature, such as a 21-bar volatility, visits few deciles in 200 bars. Compare longer
/// windows, or rows of many symbols, where that matters.
package struct DriftDetector: Sendable, Hashable, Codable {
    /// The stability index above which a feature has drifted.
    package var threshold: Double
    /// Rows below which nothing is called drift.
    package var minRows: Int

    package init(threshold: Double = 0.25, minRows: Int = 200) {
        self.threshold = threshold
        self.minRows = minRows
    }

    /// Compares rows of raw features, which lie row after row in the model's order, with a profile.
    ///
    /// Rows with a NaN or infinite value are left out. Throws `E_FEATURE_WIDTH` when the values are no whole number of rows.
    package func compare(_ profile: TrainingProfile, rows values: [Double]) throws(LearningError) -> DriftResult {
        let width = profile.features.count
        guard width > 0, values.count.isMultiple(of: width) else {
            throw LearningError(.featureWidth, "\(values.count) values are not rows of \(width) features")
        }
        let bins = FeatureProfile.bins
        var counts = [Double](repeating: 0, count: width * bins)
        var rows = 0
        for start in stride(from: 0, to: values.count, by: width) {
            guard values[start..<start + width].allSatisfy(\.isFinite) else { continue }
            rows += 1
            for column in 0..<width {
                counts[column * bins + FeatureProfile.bin(of: values[start + column], profile.features[column].edges)] += 1
            }
        }
        let features = profile.features.enumerated().map { column, feature in
            Self.measure(feature, trained: profile.rows, counts: counts[column * bins..<(column + 1) * bins], rows: rows)
        }
        let drifted = rows >= minRows && rows > 0 && features.contains { $0.stabilityIndex > threshold }
        return DriftResult(rows: rows, drifted: drifted, features: features)
    }

    /// The same for rows that are arrays of their own. Throws `E_FEATURE_WIDTH` when one has another number of features.
    package func compare(_ profile: TrainingProfile, rows: [[Double]]) throws(LearningError) -> DriftResult {
        for row in rows where row.count != profile.features.count {
            throw LearningError(.featureWidth, "a row has \(row.count) features, the profile has \(profile.features.count)")
        }
        return try compare(profile, rows: Array(rows.joined()))
    }

    private static func measure(
        _ profile: FeatureProfile, trained: Int, counts: ArraySlice<Double>, rows: Int
    ) -> DriftResult.Feature {
        guard rows > 0 else { return DriftResult.Feature(name: profile.name, stabilityIndex: 0, distance: 0) }
        let bins = Double(FeatureProfile.bins)
        var index = 0.0, live = 0.0, before = 0.0, distance = 0.0
        for (share, count) in zip(profile.shares, counts) {
            let expected = (share * Double(trained) + 0.5) / (Double(trained) + 0.5 * bins)
            let actual = (count + 0.5) / (Double(rows) + 0.5 * bins)
            index += (actual - expected) * PortableMath.log(actual / expected)
            live += count / Double(rows)
            before += share
            distance = max(distance, abs(live - before))
        }
        return DriftResult.Feature(name: profile.name, stabilityIndex: index, distance: min(1, distance))
    }
}
