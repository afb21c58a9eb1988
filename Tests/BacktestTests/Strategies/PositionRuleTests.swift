import Backtest
import Diagnostics
import Testing

@Suite struct PositionRuleTests {
    private let predictions = [-0.03, -0.01, 0, 0.01, 0.02, 0.05, .nan]

    @Test func `sign goes with predictions beyond the threshold in scales`() throws {
        let rule = try PositionRule(kind: "sign", parameters: ["threshold": 0.5])
        #expect(rule.targets(predictions: predictions, scale: 0.02) == [-1, 0, 0, 0, 1, 1, 0])
        let always = try PositionRule(kind: "sign")
        #expect(always.targets(predictions: predictions, scale: 0.02) == [-1, -1, 0, 1, 1, 1, 0])
    }

    @Test func `long only never goes short`() throws {
        let rule = try PositionRule(kind: "longOnly", parameters: ["threshold": -1, "size": 0.5])
        #expect(rule.targets(predictions: predictions, scale: 0.02) == [0, 0.5, 0.5, 0.5, 0.5, 0.5, 0])
    }

    @Test func `proportional grows to its size and no further`() throws {
        let rule = try PositionRule(kind: "proportional", parameters: ["full": 2, "size": 0.8])
        #expect(
            rule.targets(predictions: [-0.08, -0.02, 0, 0.01, 0.04, 1, .nan], scale: 0.02) == [-0.8, -0.4, 0, 0.2, 0.8, 0.8, 0])
    }

    @Test func `a scale of zero leaves the sign, one that is no number leaves nothing`() throws {
        for kind in PositionRule.kinds {
            let rule = try PositionRule(kind: kind)
            #expect(rule.targets(predictions: [0.01, 0], scale: 0) == [1, 0])
            #expect(rule.targets(predictions: [0.01, -1], scale: .nan) == [0, 0])
            #expect(rule.targets(predictions: [0.01, -1], scale: -1) == [0, 0])
            #expect(rule.targets(predictions: [], scale: 1).isEmpty)
            #expect(rule.targets(predictions: [.infinity], scale: 1) == [1])
        }
    }

    @Test func `wrong kinds and parameters are refused`() {
        func refusal(_ kind: String, _ parameters: [String: Double]) -> BacktestError? {
            do { _ = try PositionRule(kind: kind, parameters: parameters) } catch { return error }
            return nil
        }
        #expect(refusal("sing", [:])?.hint == "did you mean sign?")
        #expect(refusal("sign", ["treshold": 1])?.hint == "did you mean threshold?")
        #expect(refusal("sign", ["threshold": -1])?.place == .key("/threshold"))
        #expect(refusal("sign", ["size": 5])?.place == .key("/size"))
        #expect(refusal("proportional", ["full": 0]) != nil)
    }
}
