import Cluster
import Testing

@testable import bellwether

@Suite struct TrialTextTests {
    private let trials = [
        TrialView(
            number: 4, state: "succeeded", parameters: ["l2": .number(0.1), "kind": .text("sign")], objective: 1.25,
            metrics: ["sharpe": 1.25, "maxDrawdown": -0.125, "odd": 0.1 + 0.2]),
        TrialView(number: 5, state: "failed", parameters: ["l2": .number(-3)], objective: nil, metrics: [:]),
    ]
    private let failed = (6...8).map { number in
        TrialView(
            number: Int32(number), state: "failed", parameters: [:], objective: nil, metrics: [:],
            error: number == 8
                ? ErrorView(code: "E_METRIC_MISSING", message: "no sharpe")
                : ErrorView(code: "E_METRIC_VALUE", message: "the sharpe is nan\u{1B}"))
    }

    @Test func `the leaderboard has a place, the metrics that matter and the parameters`() {
        #expect(
            TrialText.table(trials, isRanked: true) == """
                   trial  objective  sharpe  drawdown  kind      l2
                1      4      1.250   1.250   -12.50%  sign  0.1000
                2      5          -       -         -            -3
                """)
        #expect(TrialText.table([]) == "no trials yet")
    }

    @Test func `a front has all objectives and the parameters`() {
        let front = [1, 2].map { number in
            TrialView(
                number: Int32(number), state: "succeeded", parameters: ["l2": .number(Double(number))], objective: 1,
                objectives: [1, 0.5 * Double(number)], violation: 0, metrics: [:])
        }
        #expect(
            TrialText.front(front) == """
                trial  objective 1  objective 2  l2
                    1            1       0.5000   1
                    2            1            1   2
                """)
        #expect(TrialText.details(front[0]).contains("violation"))
    }

    @Test func `CSV has every number in full`() {
        #expect(
            TrialText.csv(trials) == """
                number,state,objective,error,parameter.kind,parameter.l2,metric.maxDrawdown,metric.odd,metric.sharpe
                4,succeeded,1.25,,sign,0.1,-0.125,0.30000000000000004,1.25
                5,failed,,,,-3.0,,,

                """)
    }

    @Test func `why trials failed is told in the table, the details and the file`() {
        #expect(
            TrialText.table(Array((trials + failed).suffix(2))) == """
                trial  state   objective  error
                    7  failed          -  E_METRIC_VALUE
                    8  failed          -  E_METRIC_MISSING
                """)
        #expect(TrialText.details(failed[0]).contains("E_METRIC_VALUE: the sharpe is nan\\u{1b}"))
        #expect(TrialText.csv(failed).hasPrefix("number,state,objective,error\n6,failed,,E_METRIC_VALUE\n"))
        #expect(TrialText.failures(trials) == nil)
        #expect(
            TrialText.failures(trials + failed) == """
                2 trials failed: E_METRIC_VALUE: the sharpe is nan\\u{1b}
                1 trial failed: E_METRIC_MISSING: no sharpe
                """)
    }

    @Test func `a study with a pruner shows how far each trial came, and what that saved`() {
        let pruned = [
            TrialView(number: 0, state: "succeeded", parameters: [:], objective: 1.5, metrics: [:], steps: 20),
            TrialView(
                number: 1, state: "pruned", parameters: [:], objective: nil, metrics: [:], steps: 6, reason: "worse, by far"),
        ]
        #expect(
            TrialText.table(pruned) == """
                trial  state      objective  steps
                    0  succeeded      1.500     20
                    1  pruned             -      6
                """)
        #expect(
            TrialText.csv(pruned) == """
                number,state,objective,error,steps,reason
                0,succeeded,1.5,,20,
                1,pruned,,,6,"worse, by far"

                """)
        #expect(TrialText.details(pruned[1]).contains("worse, by far"))
        #expect(
            TrialText.pruning(PruningView(trials: 1, steps: 40, stepsRun: 26))
                == "1 trial pruned: 26 of 40 steps run, 35.00% saved")
        #expect(TrialText.pruning(nil) == nil)
    }

    // Case 71: cells that a spreadsheet would run.
    @Test(arguments: [
        ("=cmd|'/c calc'!A1", "'=cmd|'/c calc'!A1"), ("+1", "'+1"), ("-x", "'-x"), ("@a", "'@a"), ("a,b", "\"a,b\""),
        ("a\"b", "\"a\"\"b\""),
        ("=\"a\"", "\"'=\"\"a\"\"\""), ("two\nlines", "\"two\nlines\""), ("", ""), ("plain", "plain"),
    ])
    func `no text becomes a formula`(text: String, field: String) { #expect(TrialText.field(text) == field) }
}
