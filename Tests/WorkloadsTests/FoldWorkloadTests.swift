import Backtest
import MarketData
import SwiftProtobuf
import Testing
import Wire

@Suite struct FoldWorkloadTests {
    private func fold(_ fixture: Fixture, _ split: Int32) throws -> ProtoWindowResult {
        try fixture.run(.fold(.with { $0.split = split })).window
    }

    @Test func `a rule decides on the test folds as it does on the whole`() throws {
        let fixture = try Fixture(
            kind: "crossValidate", "strategy: \(Fixture.rule20)\nfolds: {folds: 4, testFolds: 2}", symbols: ["AAA", "BBB"])
        let rule = RuleStrategy.movingAverageCross(fast: 5, slow: 20, short: true)
        // Split 1 tests the first and the third hundred bars.
        let result = try fold(fixture, 1)
        for (row, bars) in zip(result.positions, fixture.dataset.series) {
            let targets = try rule.targets(bars: bars)
            #expect(row.positions == Array(targets[0..<100] + targets[200..<300]))
        }
        #expect(result.positions.count == 2)
    }

    @Test func `a model is fitted on the train folds only: what a test block holds does not move decisions elsewhere`() throws {
        let lines = "strategy: \(Fixture.ridge)\nfolds: {folds: 4, testFolds: 1, embargo: 20}"
        let fixture = try Fixture(kind: "crossValidate", lines)
        let bars = fixture.dataset.series[0]
        // The closes of the last test fold change from its middle on, where no label or feature of another bar reaches.
        func changed(_ values: [Double]) -> [Double] { values.enumerated().map { $0 >= 350 ? $1 * 1.5 : $1 } }
        let other = try Bars(
            symbol: bars.symbol, time: bars.time, open: changed(bars.open), high: changed(bars.high), low: changed(bars.low),
            close: changed(bars.close), adjustedClose: changed(bars.adjustedClose), volume: bars.volume)
        let bent = try Fixture(kind: "crossValidate", lines, dataset: Dataset(series: [other]))
        let (before, after) = (try fold(fixture, 3), try fold(bent, 3))
        #expect(before.positions[0].positions.prefix(50) == after.positions[0].positions.prefix(50))
        #expect(before.positions[0].positions != after.positions[0].positions)
        // The same change where it is trained on does move them.
        #expect(try fold(fixture, 0).positions != fold(bent, 0).positions)
    }

    @Test func `a split that there is not, and a job of another kind, are refused`() throws {
        let fixture = try Fixture(kind: "crossValidate", "strategy: \(Fixture.ridge)\nfolds: {folds: 4}")
        for split: Int32 in [-1, 4] { #expect(WorkerTask.code { _ = try fold(fixture, split) } == "E_WINDOW_FOLDS") }
        #expect(WorkerTask.code { _ = try fold(try Fixture(), 0) } == "E_TASK_KIND")
    }
}
