import Diagnostics
import Registry
import Testing

@Suite struct PromotionGateTests {
    @Test func `a gate holds when all its comparisons do`() throws {
        let gate = try PromotionGate(
            parsing: " deflatedSharpe>0.95 and maxDrawdown  >= -0.3 and 2e0 > turnover and challenger.sharpe > champion.sharpe ")
        #expect(gate.comparisons.count == 4)
        #expect(gate.names == ["deflatedSharpe", "maxDrawdown", "turnover", "challenger.sharpe", "champion.sharpe"])
        let values = [
            "deflatedSharpe": 0.96, "maxDrawdown": -0.3, "turnover": 1.5, "challenger.sharpe": 1, "champion.sharpe": 0.9,
            "other": 3,
        ]
        let verdict = gate.evaluate(values: values)
        #expect(verdict.passed)
        #expect(verdict.values == values.filter { $0.key != "other" })
        #expect(verdict.missing.isEmpty)
        #expect(verdict.failed.isEmpty)
        for (name, value) in [("deflatedSharpe", 0.95), ("maxDrawdown", -0.31), ("turnover", 2), ("champion.sharpe", 1)] {
            #expect(!gate.evaluate(values: values.merging([name: value]) { $1 }).passed, "\(name)")
        }
    }

    @Test func `a missing value and NaN never pass, whichever way they are compared`() throws {
        for text in ["a > 0", "a < 0", "a >= 0", "a <= 0", "0 > a", "a > b", "b <= a"] {
            let gate = try PromotionGate(parsing: text)
            let missing = gate.evaluate(values: ["b": 1])
            #expect(!missing.passed, "\(text)")
            #expect(missing.missing == ["a"])
            let notANumber = gate.evaluate(values: ["a": .nan, "b": .nan])
            #expect(!notANumber.passed)
            #expect(notANumber.values.isEmpty)
            #expect(notANumber.failed == [gate.description])
        }
        let infinite = try PromotionGate(parsing: "a > 1").evaluate(values: ["a": .infinity])
        #expect(infinite.passed)
    }

    @Test func `the canonical spelling parses back to the same gate`() throws {
        let gate = try PromotionGate(parsing: "a.b_1>=-0.1 and 1e-7<c and d<=1000000000000000000000")
        #expect(gate.description == "a.b_1 >= -0.1 and 1e-07 < c and d <= 1e+21")
        #expect(try PromotionGate(parsing: gate.description) == gate)
    }

    @Test(arguments: [
        ("", 0), ("   ", 3), ("sharpe", 6), ("sharpe >", 8), ("sharpe > 1 or x > 2", 11), ("sharpe > 1 and", 14), ("> 1", 0),
        ("1 > 2", 0),
        ("a > 1 b > 2", 6), ("a = 1", 2), ("a == 1", 2), ("a > > 1", 4), ("a > 1.2.3", 4), ("a > -", 4), ("a. > 1", 0),
        ("and > 1", 0), ("a > 1 and and", 10),
        ("a > é", 4), ("system('x') > 1", 6), ("a > 1e999", 4), ("a > 1; b", 5), ("(a > 1)", 0), ("a..b > 1", 0),
    ])
    func `a mistake is reported where it is`(text: String, offset: Int) {
        let error = #expect(throws: RegistryError.self) { try PromotionGate(parsing: text) }
        #expect(error?.code == "E_GATE_SYNTAX")
        #expect(error?.place == .offset(offset), "\(String(describing: error))")
    }

    @Test func `a gate has a length that ends`() {
        let text = Array(repeating: "a > 1", count: 500).joined(separator: " and ")
        #expect(throws: RegistryError.self) { try PromotionGate(parsing: text) }
    }
}
