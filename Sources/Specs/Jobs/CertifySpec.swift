/// A search for a look ahead in a strategy: the future of every series is changed and nothing before it may move.
package struct CertifySpec: Sendable, Hashable {
    package var backtest: BacktestSpec
    /// Bars of each series after which the future is changed.
    package let trials: Int
    package let seed: UInt64

    package static let trialLimit = 100_000
    private static let block = 10

    /// Tasks of one series.
    package var blocks: Int { (trials + Self.block - 1) / Self.block }
    /// The trials of a series' task at `index`.
    package func trials(ofBlock index: Int) -> Range<Int> { index * Self.block..<min(trials, (index + 1) * Self.block) }
}

extension CertifySpec {
    static let keys = BacktestSpec.keys + ["trials", "seed"]

    static func decode(_ map: MapCursor) -> CertifySpec? {
        let backtest = BacktestSpec.decode(map)
        let trials = map["trials"].map { $0.int(1...trialLimit, unit: "trials") } ?? 50
        let seed = map["seed"].map { $0.int(0...Int.max) } ?? 1
        guard let backtest, let trials, let seed else { return nil }
        return CertifySpec(backtest: backtest, trials: trials, seed: UInt64(seed))
    }

    func json(_ hash: String?) -> [String: JSONValue] {
        backtest.json(hash).merging(["trials": .int(trials), "seed": .int(Int(clamping: seed))]) { first, _ in first }
    }
}
