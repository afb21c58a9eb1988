import Diagnostics
import MarketData
import Statistics
import Testing

@Suite struct PurgedFoldsTests {
    private func bars(_ ranges: [Range<Int>]) -> [Int] { ranges.flatMap { Array($0) } }

    @Test func `the numbers of splits and paths are the binomial ones`() {
        for (folds, tested, splits, paths) in [(6, 2, 15, 5), (10, 8, 45, 36), (10, 2, 45, 9), (5, 1, 5, 1)] {
            let plan = PurgedFolds(folds: folds, testFolds: tested)
            #expect(plan.splitCount == splits && plan.pathCount == paths)
        }
    }

    @Test func `splits match skfolio's`() throws {
        let purged = try PurgedFolds(folds: 3, testFolds: 2, purge: 1).splits(bars: 12)
        #expect(purged.map { bars($0.train) } == [[9, 10, 11], [5, 6], [0, 1, 2]])
        #expect(purged.map { bars($0.test) } == [Array(0...7), Array(0...3) + Array(8...11), Array(4...11)])
        let embargoed = try PurgedFolds(folds: 3, testFolds: 2, embargo: 1).splits(bars: 12)
        #expect(embargoed.map { bars($0.train) } == [[9, 10, 11], [5, 6, 7], [0, 1, 2, 3]])
        // The embargo stands behind the purge, not inside it.
        let both = try PurgedFolds(folds: 3, testFolds: 1, purge: 2, embargo: 1).splits(bars: 12)
        #expect(bars(both[0].train) == [7, 8, 9, 10, 11] && bars(both[1].train) == [0, 1, 11])
    }

    @Test func `splits match mlfinlab's on a hundred rows`() throws {
        let splits = try PurgedFolds(folds: 6, testFolds: 2).splits(bars: 100)
        #expect(splits.count == 15)
        #expect(splits.prefix(5).map { $0.test[$0.test.count - 1].upperBound - 1 } == [33, 50, 67, 83, 99])
        let embargoed = try PurgedFolds(folds: 6, testFolds: 2, embargo: 5).splits(bars: 100)
        #expect([0, 1, 14].map { bars(embargoed[$0].dropped).count } == [5, 10, 0])
    }

    @Test func `every bar is train, test or dropped, and no train label meets a test label`() throws {
        var generator = SplitMix64(seed: 5)
        for _ in 0..<400 {
            let folds = 2 + Int(generator.integer(below: 7))
            let tested = 1 + Int(generator.integer(below: UInt64(folds - 1)))
            let count = 2 * folds + Int(generator.integer(below: 60))
            let embargo = Int(generator.integer(below: 4))
            let ends = (0..<count).map { min(count - 1, $0 + Int(generator.integer(below: 6))) }
            let splits = try PurgedFolds(folds: folds, testFolds: tested, embargo: embargo).splits(labelEnds: ends)
            for split in splits {
                let train = bars(split.train), test = bars(split.test)
                #expect((train + test + bars(split.dropped)).sorted() == Array(0..<count))
                for block in split.test {
                    let reach = block.map { ends[$0] }.max() ?? 0
                    for bar in train {
                        #expect(ends[bar] < block.lowerBound || bar > reach + embargo)
                    }
                }
            }
        }
    }

    @Test func `a path tests every fold once, and every test fold of every split belongs to one path`() throws {
        let plan = PurgedFolds(folds: 6, testFolds: 2)
        let splits = try plan.splits(bars: 60), paths = try plan.paths()
        #expect(paths.count == 5)
        var used: Set<[Int]> = []
        for path in paths {
            for (fold, split) in path.enumerated() {
                #expect(splits[split].testFolds.contains(fold))
                #expect(used.insert([fold, split]).inserted)
            }
        }
        #expect(used.count == 15 * 2)
    }

    @Test func `plans that cannot be are refused`() {
        func code(_ plan: PurgedFolds, _ bars: Int = 100) -> String? {
            do throws(MarketDataError) { _ = try plan.splits(bars: bars) } catch { return error.code }
            return nil
        }
        #expect(code(PurgedFolds(folds: 1)) == "E_WINDOW_FOLDS" && code(PurgedFolds(folds: 4, testFolds: 4)) == "E_WINDOW_FOLDS")
        #expect(
            code(PurgedFolds(folds: 4, purge: -1)) == "E_WINDOW_PURGE"
                && code(PurgedFolds(folds: 4, embargo: .max)) == "E_WINDOW_EMBARGO")
        #expect(
            code(PurgedFolds(folds: 100, testFolds: 50), 1000) == "E_WINDOW_COUNT"
                && code(PurgedFolds(folds: 6), 11) == "E_WINDOW_LENGTH")
        #expect(code(PurgedFolds(folds: 4, purge: 1_000_000_000, embargo: 1_000_000_000)) == nil)
        do throws(MarketDataError) {
            _ = try PurgedFolds(folds: 2).splits(labelEnds: [0, 1, 1, 3])
            Issue.record("a label that ends before its bar was accepted")
        } catch {
            #expect(error.code == "E_WINDOW_LABEL" && error.place == .offset(2))
        }
    }
}
