import Backtest
import Diagnostics
import Foundation
import MarketData
import Statistics
import Testing

@Suite struct TextRuleTests {
    private func targets(_ text: String, _ closes: [Double]) throws -> [Double] {
        try RuleStrategy.text(TextRule(parsing: text)).targets(bars: Markets.flat(closes))
    }

    @Test func `a rule says the same as the code it stands for`() throws {
        var generator = SplitMix64(seed: 3)
        let bars = try Markets.traded(&generator, count: 700)
        let rule = try TextRule(
            parsing: "long when rsi_14 < 50 and close > sma_50; short 0.5 when rsi_14 > 50 and close < sma_50")
        let rsi = try FeatureMatrix.compute([FeatureName(parsing: "rsi_14")], of: bars).values
        let found = try RuleStrategy.text(rule).targets(bars: bars)
        for i in 0..<700 {
            let mean = i >= 49 ? bars.close[(i - 49)...i].reduce(0, +) / 50 : .nan
            let expected =
                i < rule.lookback
                ? 0 : (rsi[i] < 50 && bars.close[i] > mean ? 1 : (rsi[i] > 50 && bars.close[i] < mean ? -0.5 : 0))
            #expect(found[i] == expected, "bar \(i)")
        }
        #expect(Set(found) == [-0.5, 0, 1] && rule.lookback == 112)
    }

    @Test func `a moving-average cross in text is the one in code`() throws {
        var generator = SplitMix64(seed: 4)
        let bars = try Markets.random(&generator, count: 400)
        let text = try RuleStrategy.text(TextRule(parsing: "long when sma_5 > sma_20\nshort when sma_5 < sma_20")).targets(
            bars: bars)
        let code = try RuleStrategy.movingAverageCross(fast: 5, slow: 20, short: true).targets(bars: bars)
        #expect(text == code)
    }

    @Test func `with an exit a position is held until it`() throws {
        let text = "long when close crosses above 10   # enter\nexit when close > 15 or close < 5"
        #expect(try targets(text, [9, 11, 9, 8, 12, 16, 14, 9, 10, 11]) == [0, 1, 1, 1, 1, 0, 0, 0, 0, 1])
        #expect(try targets("long when close > 10", [9, 11, 9, 12]) == [0, 1, 0, 1])
        #expect(try targets("long when close > 10\nshort when close > 11", [9, 11, 12, 10.5]) == [0, 1, 0, 1])
    }

    @Test func `operators bind as in arithmetic`() throws {
        func holds(_ condition: String) throws -> Bool { try targets("long when \(condition)", [3, 4, 10])[2] == 1 }
        #expect(try holds("1 + 2 * 3 == 7 and -2 * -3 == 6 and 8 / 4 / 2 == 1 and 5 - 2 - 1 == 2"))
        #expect(try holds("(1 + 2) * 3 == 9 and not 1 > 2 and not (1 < 2 and 2 < 1)"))
        #expect(try holds("1 > 2 and 1 > 2 or 2 > 1") && !holds("1 > 2 and (1 > 2 or 2 > 1)"))
        #expect(try holds("close[1] == 4 and close[2] == 3 and close - close[2] == 7 and 1e1 == close"))
        #expect(try holds("close != 3 and close >= 10 and close <= 10 and highest_2 == 10 and lowest_3 == 3 and sma_2 == 7"))
        // What is not known holds nothing.
        #expect(try !holds("0 / 0 < 1 or 0 / 0 >= 1 or 0 / 0 != 1"))
    }

    @Test func `no target sees a later bar`() throws {
        var generator = SplitMix64(seed: 5)
        let bars = try Markets.traded(&generator, count: 300)
        let rule = RuleStrategy.text(
            try TextRule(parsing: "long when close crosses above sma_10 and volume > volume[3]\nexit when close < lowest_8[1]"))
        let all = try rule.targets(bars: bars)
        for last in [20, 77, 150, 299] { #expect(try rule.targets(bars: bars.slice(0..<last)) == Array(all[..<last])) }
        #expect(Set(all) == [0, 1])
    }

    @Test func `mistakes are named with their place`() throws {
        let cases: [(text: String, code: String, line: Int, column: Int)] = [
            ("", "E_RULE_SYNTAX", 1, 1), ("exit when close > 1", "E_RULE_SYNTAX", 1, 1),
            ("buy when close > 1", "E_RULE_SYNTAX", 1, 1),
            ("long close > 1", "E_RULE_SYNTAX", 1, 6), ("long when close >", "E_RULE_SYNTAX", 1, 18),
            ("long when close", "E_RULE_TYPE", 1, 11), ("long when close > (1 < 2)", "E_RULE_TYPE", 1, 19),
            ("long when clse > 1", "E_RULE_NAME", 1, 11), ("long when rsi_0 > 1", "E_RULE_NAME", 1, 11),
            ("long when close > 1\nshort when\n  close < rsj_14", "E_RULE_SYNTAX", 2, 11),
            ("long when close > 1\nshort when close < rsj_14", "E_RULE_NAME", 2, 20),
            ("long when 1 < 2 < 3", "E_RULE_SYNTAX", 1, 17),
            ("long when close = 1", "E_RULE_SYNTAX", 1, 17), ("long when close > 1.2.3", "E_RULE_SYNTAX", 1, 19),
            ("long when close[-1] > 1", "E_RULE_SYNTAX", 1, 17), ("long when close[1.5] > 1", "E_RULE_SYNTAX", 1, 17),
            ("long when (close > 1", "E_RULE_SYNTAX", 1, 21), ("long when close > 1 close", "E_RULE_SYNTAX", 1, 21),
            ("long when close > 1; long when close > 2", "E_RULE_SYNTAX", 1, 22),
            ("long 9 when close > 1", "E_RULE_SYNTAX", 1, 6),
            ("long when close crosses 3", "E_RULE_SYNTAX", 1, 25), ("long when close & 3", "E_RULE_SYNTAX", 1, 17),
            ("long when not close", "E_RULE_TYPE", 1, 15), ("long when and", "E_RULE_SYNTAX", 1, 11),
        ]
        for (text, code, line, column) in cases {
            do throws(BacktestError) {
                _ = try TextRule(parsing: text)
                Issue.record("\(text.debugDescription) was accepted")
            } catch {
                #expect(error.code == code && error.place == .text(file: nil, line: line, column: column), "\(text): \(error)")
            }
        }
        do throws(BacktestError) { _ = try TextRule(parsing: "long when clse > 1") } catch {
            #expect(error.hint == "did you mean close?")
        }
    }

    @Test func `neither deep nor long nor random texts trap`() throws {
        let deep = "long when " + String(repeating: "(", count: 5000) + "1"
        #expect(throws: BacktestError.self) { try TextRule(parsing: deep) }
        #expect(throws: BacktestError.self) {
            try TextRule(parsing: "long when " + String(repeating: "not ", count: 2000) + "1 < 2")
        }
        #expect(throws: BacktestError.self) { try TextRule(parsing: String(repeating: "long ", count: 5000)) }
        let words = [
            "long", "when", "close", "(", ")", "<", ">", "and", "not", "1", "2.5", "-", "sma_3", "[", "]", ";", "\n", "é", "=",
        ]
        var generator = SplitMix64(seed: 8)
        var read = 0
        for _ in 0..<3000 {
            let text =
                "long when "
                + (0..<(3 + Int(generator.integer(below: 5)))).map { _ in
                    words[Int(generator.integer(below: UInt64(words.count)))]
                }.joined(separator: " ")
            if let rule = try? TextRule(parsing: text) {
                read += 1
                #expect(try RuleStrategy.text(rule).targets(bars: Markets.flat([1, 2, 3])).count == 3)
            }
        }
        #expect(read > 0)
    }

    @Test func `a rule keeps its text in JSON`() throws {
        let rule = RuleStrategy.text(try TextRule(parsing: "long when close > 3"))
        #expect(try JSONDecoder().decode(RuleStrategy.self, from: JSONEncoder().encode(rule)) == rule)
    }
}
