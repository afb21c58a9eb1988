package import MarketData

/// A strategy judged by purged k-fold, or by combinatorial purged cross-validation: fitted on some folds, run on the others, and the
/// tested folds put together to backtest paths.
package struct CrossValidateSpec: Sendable, Hashable {
    /// It has no windows.
    package var backtest: BacktestSpec
    package let folds: PurgedFolds

    /// The most positions of all splits together that a head keeps for the paths, one series.
    package static let positionLimit = 50_000_000
}

extension CrossValidateSpec {
    static let keys = BacktestSpec.keys.filter { $0 != "walkForward" } + ["folds"]

    static func decode(_ map: MapCursor) -> CrossValidateSpec? {
        let backtest = BacktestSpec.decode(map, hasFolds: true)
        var horizon = 0
        if case .model(let model) = backtest?.strategy.body { horizon = model.horizon }
        let folds = map.required("folds", hint: "for example {folds: 6, testFolds: 2}").flatMap {
            decodeFolds($0, horizon: horizon)
        }
        guard let backtest, let folds else { return nil }
        return CrossValidateSpec(backtest: backtest, folds: folds)
    }

    private static func decodeFolds(_ cursor: Cursor, horizon: Int) -> PurgedFolds? {
        guard let map = cursor.map(["folds", "testFolds", "purge", "embargo"], what: "a plan of folds") else { return nil }
        let any = (-WalkForward.maximumBars)...(WalkForward.maximumBars)
        let folds = map.required("folds")?.int(any, unit: "folds")
        let tested = map["testFolds"].map { $0.int(any, unit: "folds") } ?? 1
        let purge = map["purge"].map { $0.int(any, unit: "bars") } ?? horizon
        let embargo = map["embargo"].map { $0.int(any, unit: "bars") } ?? 0
        guard let folds, let tested, let purge, let embargo else { return nil }
        let plan = PurgedFolds(folds: folds, testFolds: tested, purge: purge, embargo: embargo)
        do throws(MarketDataError) {
            try plan.validate()
        } catch {
            cursor.report(error)
            return nil
        }
        guard purge >= horizon else {
            (map["purge"] ?? cursor).report(
                "E_WINDOW_PURGE", "the purge of \(purge) bars is shorter than the label, which looks \(horizon) bars ahead",
                hint: "set purge to \(horizon) or more, or leave it out")
            return nil
        }
        return plan
    }

    func json(_ hash: String?) -> [String: JSONValue] {
        backtest.json(hash).merging([
            "folds": .object([
                "folds": .int(folds.folds), "testFolds": .int(folds.testFolds), "purge": .int(folds.purge),
                "embargo": .int(folds.embargo),
            ])
        ]) { first, _ in first }
    }
}
