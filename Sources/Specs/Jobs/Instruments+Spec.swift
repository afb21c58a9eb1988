import Backtest

extension Instruments {
    private static let standardKey = "default"
    private static let mostSymbols = 10_000

    /// `{default: {tick: 0.01, lot: 1}, ES: {tick: 0.25, lot: 50}}`; none when there is no section.
    static func decode(_ cursor: Cursor?) -> Instruments? {
        guard let cursor else { return Instruments.none }
        guard let map = cursor.anyMap(what: "instruments by symbol") else { return nil }
        guard (1...mostSymbols).contains(map.entries.count) else {
            cursor.mismatch("1 to \(mostSymbols) instruments by symbol", hint: "for example {default: {tick: 0.01, lot: 1}}")
            return nil
        }
        var instruments = Instruments()
        var isWhole = true
        for (symbol, value) in map.items {
            guard let instrument = decodeOne(value) else {
                isWhole = false
                continue
            }
            if symbol == standardKey { instruments.standard = instrument } else { instruments.bySymbol[symbol] = instrument }
        }
        return isWhole ? instruments : nil
    }

    private static func decodeOne(_ cursor: Cursor) -> Instrument? {
        guard let map = cursor.map(["tick", "lot"], what: "an instrument"),
            let tick = map.required("tick", hint: "the smallest step of the price, for example 0.01")?.number(),
            let lot = map["lot"].map({ $0.number() }) ?? 1
        else { return nil }
        let instrument = Instrument(tick: tick, lot: lot)
        do throws(BacktestError) {
            try instrument.validate()
            return instrument
        } catch {
            cursor.report(error)
            return nil
        }
    }

    /// nil for none, which need no section.
    var json: JSONValue? {
        guard self != .none else { return nil }
        var members = bySymbol.mapValues(\.json)
        members[Self.standardKey] = standard?.json
        return .object(members)
    }
}

extension Instrument {
    fileprivate var json: JSONValue { .object(["tick": .double(tick), "lot": .double(lot)]) }
}
