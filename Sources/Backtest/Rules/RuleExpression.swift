/// A number at each bar.
indirect enum RuleNumber: Sendable, Hashable {
    case constant(Double)
    /// The value so many bars ago.
    case series(RuleSeries, ago: Int)
    case negated(RuleNumber)
    case sum(RuleNumber, RuleNumber)
    case difference(RuleNumber, RuleNumber)
    case product(RuleNumber, RuleNumber)
    case quotient(RuleNumber, RuleNumber)
}

/// A condition at each bar. One that compares with a number that is not known does not hold.
indirect enum RuleCondition: Sendable, Hashable {
    enum Comparison: String, Sendable, Hashable {
        case less = "<"
        case atMost = "<="
        case greater = ">"
        case atLeast = ">="
        case equal = "=="
        case different = "!="
    }

    case comparison(Comparison, RuleNumber, RuleNumber)
    /// The first was at most the second on the bar before and is greater now; the other way round for `isBelow`.
    case crossing(RuleNumber, RuleNumber, isBelow: Bool)
    case not(RuleCondition)
    case and(RuleCondition, RuleCondition)
    case or(RuleCondition, RuleCondition)
}

extension RuleNumber {
    /// Bars before the first one that has a value.
    var lookback: Int {
        switch self {
        case .constant: 0
        case .series(let series, let ago): series.lookback + ago
        case .negated(let number): number.lookback
        case .sum(let a, let b), .difference(let a, let b), .product(let a, let b), .quotient(let a, let b):
            max(a.lookback, b.lookback)
        }
    }

    func values(_ columns: inout RuleColumns) -> [Double] {
        func both(_ a: RuleNumber, _ b: RuleNumber, _ combine: (Double, Double) -> Double) -> [Double] {
            let x = a.values(&columns), y = b.values(&columns)
            return x.indices.map { combine(x[$0], y[$0]) }
        }
        switch self {
        case .constant(let value): return [Double](repeating: value, count: columns.count)
        case .series(let series, let ago):
            let values = columns[series]
            guard ago > 0 else { return values }
            return [Double](repeating: .nan, count: min(ago, values.count)) + values.dropLast(ago)
        case .negated(let number): return number.values(&columns).map { -$0 }
        case .sum(let a, let b): return both(a, b, +)
        case .difference(let a, let b): return both(a, b, -)
        case .product(let a, let b): return both(a, b, *)
        case .quotient(let a, let b): return both(a, b, /)
        }
    }
}

extension RuleCondition {
    var lookback: Int {
        switch self {
        case .comparison(_, let a, let b): max(a.lookback, b.lookback)
        case .crossing(let a, let b, _): max(a.lookback, b.lookback) + 1
        case .not(let condition): condition.lookback
        case .and(let a, let b), .or(let a, let b): max(a.lookback, b.lookback)
        }
    }

    func values(_ columns: inout RuleColumns) -> [Bool] {
        switch self {
        case .comparison(let comparison, let a, let b):
            let x = a.values(&columns), y = b.values(&columns)
            return x.indices.map { comparison.holds(x[$0], y[$0]) }
        case .crossing(let a, let b, let isBelow):
            let x = (isBelow ? b : a).values(&columns), y = (isBelow ? a : b).values(&columns)
            return x.indices.map { $0 > 0 && x[$0 - 1] <= y[$0 - 1] && x[$0] > y[$0] }
        case .not(let condition): return condition.values(&columns).map { !$0 }
        case .and(let a, let b):
            let x = a.values(&columns), y = b.values(&columns)
            return x.indices.map { x[$0] && y[$0] }
        case .or(let a, let b):
            let x = a.values(&columns), y = b.values(&columns)
            return x.indices.map { x[$0] || y[$0] }
        }
    }
}

extension RuleCondition.Comparison {
    func holds(_ a: Double, _ b: Double) -> Bool {
        switch self {
        case .less: a < b
        case .atMost: a <= b
        case .greater: a > b
        case .atLeast: a >= b
        case .equal: a == b
        case .different: a < b || a > b
        }
    }
}
