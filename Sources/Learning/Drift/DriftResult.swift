/// What a comparison of live rows with a training profile found.
package struct DriftResult: Sendable, Hashable, Codable {
    /// How far one feature has moved.
    package struct Feature: Sendable, Hashable, Codable {
        package let name: String
        /// The population stability index over the profile's deciles: 0 when the shares agree; in nats, summed both ways.
        package let stabilityIndex: Double
        /// The largest distance of the two distribution functions at the profile's deciles, in 0...1.
        package let distance: Double
    }

    /// Live rows that were compared: those in which every feature is a finite number.
    package let rows: Int
    /// Whether there were enough rows and at least one feature moved too far.
    package let drifted: Bool
    /// Every feature, in the model's order.
    package let features: [Feature]

    /// The feature with the largest stability index; the first of equals.
    package var worst: Feature? {
        var worst: Feature?
        for feature in features where worst == nil || feature.stabilityIndex > worst?.stabilityIndex ?? 0 { worst = feature }
        return worst
    }

    /// Each feature's stability index by name.
    package var distances: [String: Double] {
        Dictionary(features.map { ($0.name, $0.stabilityIndex) }, uniquingKeysWith: { first, _ in first })
    }
}
