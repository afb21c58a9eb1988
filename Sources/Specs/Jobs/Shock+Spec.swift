import Backtest

extension Shock {
    /// `crash: {magnitude: 0.35, bars: 20, recovery: 120}` and its like, one shock a mapping; what is left out is as in the suite.
    static func decode(_ cursor: Cursor) -> Shock? {
        let names = suite.map(\.name)
        guard let map = cursor.map(names, what: "a shock") else { return nil }
        guard map.items.count == 1, let item = map.items.first else {
            cursor.mismatch("one of \(names.joined(separator: ", "))", hint: "for example {crash: {magnitude: 0.5}}")
            return nil
        }
        guard let usual = suite.first(where: { $0.name == item.key }) else { return nil }
        guard let fields = item.value.map(usual.numbers.map(\.name), what: "the shock \(item.key)") else { return nil }
        var numbers: [Double] = []
        for field in usual.numbers {
            guard let given = fields[field.name] else {
                numbers.append(field.value)
                continue
            }
            let number = field.isWhole ? given.int(0...1_000_000, unit: "bars").map(Double.init) : given.number()
            guard let number else { return nil }
            numbers.append(number)
        }
        let shock = usual.with(numbers)
        do throws(BacktestError) {
            try shock.validate()
            return shock
        } catch {
            item.value.report(error)
            return nil
        }
    }

    private var numbers: [(name: String, value: Double, isWhole: Bool)] {
        switch self {
        case .crash(let magnitude, let bars, let recovery):
            [("magnitude", magnitude, false), ("bars", Double(bars), true), ("recovery", Double(recovery), true)]
        case .volatility(let multiplier): [("multiplier", multiplier, false)]
        case .correlation(let share): [("share", share, false)]
        case .drought(let volume, let spread): [("volume", volume, false), ("spread", spread, false)]
        case .gaps(let size, let every): [("size", size, false), ("every", Double(every), true)]
        }
    }

    /// The same kind of shock with other numbers, in the order of `numbers`.
    private func with(_ values: [Double]) -> Shock {
        switch self {
        case .crash: .crash(magnitude: values[0], bars: Int(values[1]), recovery: Int(values[2]))
        case .volatility: .volatility(multiplier: values[0])
        case .correlation: .correlation(share: values[0])
        case .drought: .drought(volume: values[0], spread: values[1])
        case .gaps: .gaps(size: values[0], every: Int(values[1]))
        }
    }

    var json: JSONValue {
        let members = numbers.map { ($0.name, $0.isWhole ? JSONValue.int(Int($0.value)) : .double($0.value)) }
        return .object([name: .object(Dictionary(members, uniquingKeysWith: { first, _ in first }))])
    }
}
