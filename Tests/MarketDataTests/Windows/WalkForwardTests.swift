import Diagnostics
import Foundation
import MarketData
import Statistics
import Testing

@Suite struct WalkForwardTests {
    @Test("skfolio's first example: train 2, test 1 on 6 observations")
    func skfolioPlain() throws {
        let windows = try WalkForward(train: 2, test: 1).windows(bars: 6)
        #expect(windows.map(\.train) == [0..<2, 1..<3, 2..<4, 3..<5])
        #expect(windows.map(\.test) == [2..<3, 3..<4, 4..<5, 5..<6])
        #expect(windows.map(\.index) == [0, 1, 2, 3])
    }

    @Test("skfolio's second example: one purged observation moves the tests to 3, 4, 5")
    func skfolioPurged() throws {
        let windows = try WalkForward(train: 2, test: 1, purge: 1).windows(bars: 6)
        #expect(windows.map(\.train) == [0..<2, 1..<3, 2..<4])
        #expect(windows.map(\.test) == [3..<4, 4..<5, 5..<6])
    }

    @Test("skfolio's third example: a last test that is not full is left out")
    func skfolioPartial() throws {
        let windows = try WalkForward(train: 3, test: 2).windows(bars: 6)
        #expect(windows.map(\.train) == [0..<3])
        #expect(windows.map(\.test) == [3..<5])
    }

    @Test("an expanding plan trains from the first bar on")
    func expanding() throws {
        let windows = try WalkForward(kind: .expanding, train: 3, test: 2, purge: 1).windows(bars: 10)
        #expect(windows.map(\.train) == [0..<3, 0..<5, 0..<7])
        #expect(windows.map(\.test) == [4..<6, 6..<8, 8..<10])
    }

    @Test("252/63 on the S&P 500's 5,030 returns makes 75 full folds")
    func standardAndPoor() throws {
        #expect(try WalkForward(train: 252, test: 63).windows(bars: 5_030).count == 75)
        #expect(try WalkForward(train: 252, test: 63).windowCount(bars: 5_030) == 75)
    }

    @Test("the embargo is stacked beyond the purge")
    func stacked() throws {
        let window = try #require(try WalkForward(train: 10, test: 4, purge: 3, embargo: 2).windows(bars: 40).first)
        #expect(window.train == 0..<10)
        #expect(window.test == 15..<19)
        #expect(window.gap == 5)
    }

    @Test("every window of any plan keeps its distance, its length and its order, and every bar has one place")
    func properties() throws {
        var random = SplitMix64(seed: 18)
        var seen = 0
        for _ in 0..<400 {
            func pick(_ range: ClosedRange<Int>) -> Int { range.lowerBound + Int(random.integer(below: UInt64(range.count))) }
            let test = pick(1...12)
            let plan = WalkForward(
                kind: WalkForward.Kind.allCases[pick(0...2)], train: pick(1...30), test: test, step: pick(1...(test + 5)),
                purge: pick(0...6), embargo: pick(0...6))
            let bars = plan.span + pick(0...60)
            let windows = try plan.windows(bars: bars)
            #expect(try plan.windowCount(bars: bars) == windows.count)
            var lastTest = 0
            for (index, window) in windows.enumerated() {
                seen += 1
                #expect(window.index == index)
                #expect(window.train.upperBound - 1 + plan.purge + plan.embargo < window.test.lowerBound)
                #expect(plan.kind == .fixed && index > 0 || window.gap == plan.purge + plan.embargo)
                #expect(window.test.count == plan.test && window.test.upperBound <= bars)
                #expect(window.train.count == (plan.kind == .expanding ? plan.train + index * plan.step : plan.train))
                #expect(index == 0 || window.test.lowerBound == lastTest + plan.step)
                lastTest = window.test.lowerBound
                // Train, the bars between, test: side by side, so no bar of the window is in two of them or in none.
                let purged = window.train.upperBound..<window.test.lowerBound
                let spanned = window.train.count + purged.count + window.test.count
                #expect(spanned == window.test.upperBound - window.train.lowerBound)
            }
            // Another full test would not have fitted.
            #expect(windows[windows.count - 1].test.lowerBound + plan.step + plan.test > bars)
        }
        #expect(seen > 1_000)
    }

    @Test(
        "plans that cannot be are refused with the setting's name",
        arguments: [
            (WalkForward(train: 0, test: 5), "E_WINDOW_TRAIN", "/walkForward/train"),
            (WalkForward(train: -3, test: 5), "E_WINDOW_TRAIN", "/walkForward/train"),
            (WalkForward(train: .max, test: 5), "E_WINDOW_TRAIN", "/walkForward/train"),
            (WalkForward(train: 5, test: 0), "E_WINDOW_TEST", "/walkForward/test"),
            (WalkForward(train: 5, test: .max), "E_WINDOW_TEST", "/walkForward/test"),
            (WalkForward(train: 5, test: 5, step: 0), "E_WINDOW_STEP", "/walkForward/step"),
            (WalkForward(train: 5, test: 5, step: -1), "E_WINDOW_STEP", "/walkForward/step"),
            (WalkForward(train: 5, test: 5, purge: -1), "E_WINDOW_PURGE", "/walkForward/purge"),
            (WalkForward(train: 5, test: 5, embargo: -1), "E_WINDOW_EMBARGO", "/walkForward/embargo"),
            (WalkForward(train: 5, test: 5, embargo: .min), "E_WINDOW_EMBARGO", "/walkForward/embargo"),
            (WalkForward(train: 990, test: 5, purge: 3, embargo: 3), "E_WINDOW_LENGTH", "/walkForward"),
            (WalkForward(train: 1_000_000_000, test: 1_000_000_000, purge: 1_000_000_000), "E_WINDOW_LENGTH", "/walkForward"),
        ])
    func refused(_ plan: WalkForward, _ code: String, _ key: String) throws {
        let error = try #require(throws: MarketDataError.self) { try plan.windows(bars: 1_000) }
        #expect(error.code == code)
        #expect(error.place?.description == key)
        #expect(error.category == .input)
    }

    @Test("series of no length and plans with too many windows are refused")
    func extremes() throws {
        for bars in [0, -1, Int.min] {
            let error = try #require(throws: MarketDataError.self) { try WalkForward(train: 1, test: 1).windows(bars: bars) }
            #expect(error.code == "E_WINDOW_LENGTH")
        }
        let error = try #require(throws: MarketDataError.self) { try WalkForward(train: 1, test: 1).windows(bars: .max) }
        #expect(error.code == "E_WINDOW_COUNT")
        #expect(
            try WalkForward(train: 1, test: 1).windows(bars: WalkForward.maximumWindows + 1).count == WalkForward.maximumWindows)
    }

    @Test("a window that does not train before it tests is not one")
    func order() throws {
        for (train, test) in [(5..<9, 8..<10), (5..<9, 0..<4), (5..<5, 8..<10), (5..<9, 9..<9), (-1..<4, 5..<6)] {
            let error = try #require(throws: MarketDataError.self) { try Window(index: 0, train: train, test: test) }
            #expect(error.code == "E_WINDOW_ORDER")
        }
        let json = Data(#"{"index":0,"train":[5,9],"test":[2,4]}"#.utf8)
        #expect(throws: MarketDataError.self) { try JSONDecoder().decode(Window.self, from: json) }
    }

    @Test("plans and windows survive JSON")
    func codable() throws {
        let plan = WalkForward(kind: .expanding, train: 756, test: 63, step: 70, purge: 5, embargo: 2)
        #expect(try JSONDecoder().decode(WalkForward.self, from: JSONEncoder().encode(plan)) == plan)
        let windows = try plan.windows(bars: 2_000)
        #expect(try JSONDecoder().decode([Window].self, from: JSONEncoder().encode(windows)) == windows)
    }
}
