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

    @Test func `the leaderboard has a place, the metrics that matter and the parameters`() {
        #expect(
            TrialText.table(trials, isRanked: true) == """
                   trial  objective  sharpe  drawdown  kind      l2
                1      4      1.250   1.250   -12.50%  sign  0.1000
                2      5          -       -         -            -3
                """)
        #expect(TrialText.table([]) == "no trials yet")
    }

    @Test func `CSV has every number in full`() {
        #expect(
            TrialText.csv(trials) == """
                number,state,objective,parameter.kind,parameter.l2,metric.maxDrawdown,metric.odd,metric.sharpe
                4,succeeded,1.25,sign,0.1,-0.125,0.30000000000000004,1.25
                5,failed,,,-3.0,,,

                """)
    }

    // Case 71: cells that a spreadsheet would run.
    @Test(arguments: [
        ("=cmd|'/c calc'!A1", "'=cmd|'/c calc'!A1"), ("+1", "'+1"), ("-x", "'-x"), ("@a", "'@a"), ("a,b", "\"a,b\""),
        ("a\"b", "\"a\"\"b\""),
        ("=\"a\"", "\"'=\"\"a\"\"\""), ("two\nlines", "\"two\nlines\""), ("", ""), ("plain", "plain"),
    ])
    func `no text becomes a formula`(text: String, field: String) { #expect(TrialText.field(text) == field) }
}
