/// Resampling of a time series in blocks of random length, so that its autocorrelation survives.
///
/// Politis and Romano, "The stationary bootstrap", JASA 89, 1994: blocks start anywhere, their lengths are geometric, and
/// the series is wrapped into a circle.
package struct StationaryBootstrap: Sendable {
    private let restart: Double
    private var generator: SplitMix64

    /// `meanBlockLength` is at least 1, which is the ordinary bootstrap.
    package init(meanBlockLength: Double, seed: UInt64) {
        restart = meanBlockLength > 1 ? 1 / meanBlockLength : 1
        generator = SplitMix64(seed: seed)
    }

    /// The positions, each in 0..<`count`, of one resample of `count` values.
    package mutating func indices(count: Int) -> [Int] {
        guard count > 0 else { return [] }
        var indices = [Int](repeating: 0, count: count)
        var position = 0
        for i in 0..<count {
            if i == 0 || generator.uniform() < restart {
                position = Int(generator.integer(below: UInt64(count)))
            } else {
                position = position + 1 == count ? 0 : position + 1
            }
            indices[i] = position
        }
        return indices
    }

    /// The statistic of each of `replications` resamples of `values`.
    package mutating func replicate(_ values: [Double], replications: Int, _ statistic: ([Double]) -> Double) -> [Double] {
        var results: [Double] = []
        results.reserveCapacity(max(0, replications))
        for _ in 0..<max(0, replications) {
            results.append(statistic(indices(count: values.count).map { values[$0] }))
        }
        return results
    }
}
