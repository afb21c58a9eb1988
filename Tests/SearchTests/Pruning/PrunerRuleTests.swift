import Foundation
import Search
import Testing

/// Each rule stops the trials that Optuna's stops, at the same steps (pruning.json).
@Suite struct PrunerRuleTests {
    private struct Reference: Decodable {
        struct Case: Decodable {
            let completed: [[Double]]
            let curve: [Double]
            let stops: [String: [Bool]]
        }
        let cases: [Case]
    }

    private let cases: [Reference.Case]

    init() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../Reference/pruning.json")
        cases = try JSONDecoder().decode(Reference.self, from: Data(contentsOf: file)).cases
    }

    private func check(_ name: String, _ pruner: any Pruner) throws {
        for known in cases {
            var pruner = pruner
            for values in known.completed { pruner.close(TrialCurve(values: values), loss: values.last) }
            let yardstick = pruner.yardstick()
            let stops = known.curve.indices.map {
                yardstick.reasonToStop(TrialCurve(values: Array(known.curve[...$0]))) != nil
            }
            let expected = try #require(known.stops[name])
            #expect(stops == expected, "\(name): \(known)")
        }
    }

    @Test func `median`() throws { try check("median", PercentilePruner(rungs: 6, share: 0.5, startup: 5)) }

    @Test func `percentile`() throws {
        try check("quarter", PercentilePruner(rungs: 6, share: 0.25, startup: 3))
        try check("most", PercentilePruner(rungs: 6, share: 0.7, startup: 3))
    }

    @Test func `patience`() throws {
        try check("patience", PatiencePruner(patience: 2, margin: 0.1))
        try check("impatience", PatiencePruner(patience: 0, margin: 0))
    }

    @Test func `threshold`() throws {
        try check("threshold", ThresholdPruner(-1...1.5))
        #expect(ThresholdPruner(-1...1).reasonToStop(TrialCurve(values: [.nan])) == "not a number")
    }

    @Test func `stopped and failed trials are not compared with`() {
        var pruner = PercentilePruner(rungs: 2, share: 0.5, startup: 1)
        pruner.close(TrialCurve(values: [-100]), loss: nil)
        pruner.close(nil, loss: nil)
        #expect(pruner.yardstick().reasonToStop(TrialCurve(values: [5])) == nil)
        pruner.close(TrialCurve(values: [1, 1]), loss: 1)
        #expect(pruner.yardstick().reasonToStop(TrialCurve(values: [5])) != nil)
        #expect(pruner.yardstick().reasonToStop(TrialCurve(values: [1])) == nil)
    }
}
