import Diagnostics

/// A plan that cuts a series into folds and tests on every choice of some of them, training on the rest: purged k-fold with one
/// test fold at a time, combinatorial purged cross-validation (CPCV) with more.
///
/// A bar is dropped from a split's train bars when its label shares a bar with a label of a test block (the purge), and when it is
/// one of the `embargo` bars after what the purge dropped behind a test block. Lopez de Prado, "Advances in financial machine
/// learning", 2018, chapters 7 and 12.
package struct PurgedFolds: Sendable, Hashable, Codable {
    /// The number of folds; the first ones have one bar more where they cannot be equal.
    package var folds: Int
    /// How many folds are tested at a time.
    package var testFolds: Int
    /// Bars that a label looks ahead.
    package var purge: Int
    /// Bars dropped after each test block, beyond the purge.
    package var embargo: Int

    /// The most splits a plan may have.
    package static let maximumSplits = 100_000

    package init(folds: Int, testFolds: Int = 1, purge: Int = 0, embargo: Int = 0) {
        self.folds = folds
        self.testFolds = testFolds
        self.purge = purge
        self.embargo = embargo
    }

    /// One choice of test folds: every bar is in exactly one of the three lists, each in order of time.
    package struct Split: Sendable, Hashable {
        package let index: Int
        /// The numbers of the folds that are tested.
        package let testFolds: [Int]
        package let train: [Range<Int>]
        package let test: [Range<Int>]
        /// What neither trains nor is tested: purge and embargo.
        package let dropped: [Range<Int>]
    }

    /// Checks everything that can be checked without the data.
    ///
    /// Throws `E_WINDOW_FOLDS`, `E_WINDOW_PURGE`, `E_WINDOW_EMBARGO` or `E_WINDOW_COUNT`.
    package func validate() throws(MarketDataError) {
        guard (2...1000).contains(folds), testFolds >= 1, testFolds < folds else {
            throw MarketDataError(
                .windowFolds, "\(testFolds) of \(folds) folds cannot be tested at a time", place: .key("/folds"),
                hint: "2 to 1000 folds, of which at least one trains and one is tested")
        }
        for (value, name, code) in [(purge, "purge", MarketDataError.Code.windowPurge), (embargo, "embargo", .windowEmbargo)] {
            guard (0...WalkForward.maximumBars).contains(value) else {
                throw MarketDataError(
                    code, "\(name) is \(value), but it is not negative", place: .key("/\(name)"), hint: "0 switches it off")
            }
        }
        guard splitCount <= Self.maximumSplits else {
            throw MarketDataError(
                .windowCount, "\(testFolds) of \(folds) folds are more than \(Self.maximumSplits) splits",
                place: .key("/testFolds"), hint: "test fewer folds at a time")
        }
    }

    /// The number of splits, folds choose testFolds; at most one more than `maximumSplits`.
    package var splitCount: Int {
        var count = 1
        for step in 0..<max(0, min(testFolds, folds - testFolds)) {
            count = count * (folds - step) / (step + 1)
            if count > Self.maximumSplits { return Self.maximumSplits + 1 }
        }
        return count
    }

    /// The number of backtest paths: each tests every fold once, and no two take a fold from the same split.
    package var pathCount: Int { splitCount * testFolds / folds }

    /// The splits of a series of `bars` bars, in lexicographic order of their test folds.
    ///
    /// Throws what `validate` throws, and `E_WINDOW_LENGTH` when there are fewer than two bars a fold.
    package func splits(bars: Int) throws(MarketDataError) -> [Split] {
        try splits(labelEnds: (0..<max(0, bars)).map { min(purge > bars ? bars : $0 + purge, bars - 1) })
    }

    /// The same with each bar's own label: `labelEnds[i]` is the last bar that the label of bar i sees.
    ///
    /// Throws `E_WINDOW_LABEL` for a label that ends before its bar or after the series.
    package func splits(labelEnds: [Int]) throws(MarketDataError) -> [Split] {
        let bars = labelEnds.count
        try check(bars: bars)
        if let bar = labelEnds.indices.first(where: { labelEnds[$0] < $0 || labelEnds[$0] >= bars }) {
            throw MarketDataError(
                .windowLabel, "the label of bar \(bar) ends at bar \(labelEnds[bar])", place: .offset(bar),
                hint: "a label ends at its bar or later, within the series")
        }
        let bounds = Self.bounds(bars: bars, folds: folds)
        return choices().enumerated().map { index, chosen in
            split(index, chosen, bounds: bounds, labelEnds: labelEnds)
        }
    }

    /// One of the splits that `splits(bars:)` makes, without making the others. Throws the same errors, and `E_WINDOW_FOLDS` for one
    /// that there is not.
    package func split(_ index: Int, bars: Int) throws(MarketDataError) -> Split {
        try check(bars: bars)
        let choices = choices()
        guard choices.indices.contains(index) else {
            throw MarketDataError(.windowFolds, "there is no split \(index) of \(choices.count)", place: .key("/folds"))
        }
        let ends = (0..<bars).map { min(purge > bars ? bars : $0 + purge, bars - 1) }
        return split(index, choices[index], bounds: Self.bounds(bars: bars, folds: folds), labelEnds: ends)
    }

    /// Throws what `validate` throws, and `E_WINDOW_LENGTH` when there are fewer than two bars a fold.
    package func check(bars: Int) throws(MarketDataError) {
        try validate()
        guard bars >= 2 * folds else {
            throw MarketDataError(
                .windowLength, "\(max(0, bars)) bars do not fill \(folds) folds of two", place: .key("/folds"),
                hint: "use fewer folds or a longer series")
        }
    }

    /// The bars of each fold, in order.
    package func ranges(bars: Int) -> [Range<Int>] {
        let bounds = Self.bounds(bars: bars, folds: folds)
        return zip(bounds, bounds.dropFirst()).map { $0..<$1 }
    }

    /// The folds that each split tests, in order of the splits.
    package var testedFolds: [[Int]] { choices() }

    /// For each path the split that each fold is taken from.
    package func paths() throws(MarketDataError) -> [[Int]] {
        try validate()
        var takers = [[Int]](repeating: [], count: folds)
        for (split, chosen) in choices().enumerated() {
            for fold in chosen { takers[fold].append(split) }
        }
        return (0..<pathCount).map { path in takers.map { $0[path] } }
    }

    /// The first bar of each fold, and the series' end.
    private static func bounds(bars: Int, folds: Int) -> [Int] {
        (0...folds).map { $0 * (bars / folds) + min($0, bars % folds) }
    }

    private func choices() -> [[Int]] {
        var all: [[Int]] = []
        var chosen = Array(0..<testFolds)
        while true {
            all.append(chosen)
            guard let place = chosen.indices.last(where: { chosen[$0] < folds - testFolds + $0 }) else { return all }
            chosen[place] += 1
            for next in chosen.indices.dropFirst(place + 1) { chosen[next] = chosen[next - 1] + 1 }
        }
    }

    private func split(_ index: Int, _ chosen: [Int], bounds: [Int], labelEnds: [Int]) -> Split {
        let bars = labelEnds.count
        // Neighbouring test folds are one block: between them there is nothing to purge.
        var blocks: [Range<Int>] = []
        for fold in chosen {
            if let last = blocks.last, last.upperBound == bounds[fold] {
                blocks[blocks.count - 1] = last.lowerBound..<bounds[fold + 1]
            } else {
                blocks.append(bounds[fold]..<bounds[fold + 1])
            }
        }
        var isTrain = [Bool](repeating: true, count: bars), isTest = [Bool](repeating: false, count: bars)
        for block in blocks {
            for bar in block { (isTrain[bar], isTest[bar]) = (false, true) }
            let reach = block.reduce(0) { max($0, labelEnds[$1]) }
            for bar in 0..<block.lowerBound where labelEnds[bar] >= block.lowerBound { isTrain[bar] = false }
            // Sums that may be large stay within the series.
            let end = embargo >= bars ? bars : min(bars, reach + 1 + embargo)
            for bar in block.upperBound..<max(block.upperBound, end) { isTrain[bar] = false }
        }
        return Split(
            index: index, testFolds: chosen, train: Self.ranges(isTrain), test: Self.ranges(isTest),
            dropped: Self.ranges((0..<bars).map { !isTrain[$0] && !isTest[$0] }))
    }

    private static func ranges(_ isMember: [Bool]) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        for (bar, member) in isMember.enumerated() where member {
            if let last = ranges.last, last.upperBound == bar {
                ranges[ranges.count - 1] = last.lowerBound..<(bar + 1)
            } else {
                ranges.append(bar..<(bar + 1))
            }
        }
        return ranges
    }
}
