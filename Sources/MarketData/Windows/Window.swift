import Diagnostics

/// One fold of a walk-forward plan: the bars a model is fitted on and the later bars it is judged on.
package struct Window: Sendable, Hashable, Codable {
    /// The fold's place in its plan, from 0.
    package let index: Int
    /// Bar indices to fit on.
    package let train: Range<Int>
    /// Bar indices to evaluate on; all of them later than `train`.
    package let test: Range<Int>

    /// Throws `E_WINDOW_ORDER` unless both ranges hold bars, none is negative, and the test starts after the train ends.
    package init(index: Int, train: Range<Int>, test: Range<Int>) throws(MarketDataError) {
        guard index >= 0, train.lowerBound >= 0, !train.isEmpty, !test.isEmpty, train.upperBound <= test.lowerBound else {
            throw MarketDataError(
                .windowOrder, "window \(index) trains on bars \(train) and tests on bars \(test), but must train before it tests",
                place: .key("/walkForward"), hint: "both ranges hold at least one bar, and the train ends before the test starts")
        }
        self.index = index
        self.train = train
        self.test = test
    }

    /// The whole of a history of `bars` bars as one test, for what has nothing to fit.
    package init(testing bars: Int) {
        (index, train, test) = (0, 0..<0, 0..<max(0, bars))
    }

    /// Bars between train and test that belong to neither: the purge and the embargo.
    package var gap: Int { test.lowerBound - train.upperBound }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(
            index: container.decode(Int.self, forKey: .index), train: container.decode(Range<Int>.self, forKey: .train),
            test: container.decode(Range<Int>.self, forKey: .test))
    }

    private enum CodingKeys: String, CodingKey { case index, train, test }
}
