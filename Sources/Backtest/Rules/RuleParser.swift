import Diagnostics

/// Reads a rule by recursive descent: `or` binds least, then `and`, `not`, comparisons, `+ -`, `* /`, the sign, `[n]`.
struct RuleParser {
    /// What a part of a rule is before its use says what it must be.
    private enum Part {
        case number(RuleNumber)
        case condition(RuleCondition)
    }

    private let tokens: [RuleToken]
    private var at = 0
    private var depth = 0

    /// The deepest nesting: beyond it a text could exhaust the stack.
    static let deepest = 64

    /// Takes a text's tokens, of which the last is its end.
    init(_ tokens: [RuleToken]) { self.tokens = tokens }

    private var token: RuleToken { tokens[min(at, tokens.count - 1)] }

    mutating func rule() throws(BacktestError) -> (long: RuleEntry?, short: RuleEntry?, exit: RuleCondition?) {
        var long: RuleEntry?
        var short: RuleEntry?
        var exit: RuleCondition?
        while true {
            while take(sign: ";") {}
            let start = token
            guard start.kind != .end else { break }
            let verb = ["long", "short", "exit"].first { take(word: $0) }
            guard let verb else { throw expected("long, short or exit", hint: "for example: long when close > sma_200") }
            let isSecond = verb == "long" ? long != nil : (verb == "short" ? short != nil : exit != nil)
            guard !isSecond else {
                throw BacktestError(
                    .ruleSyntax, "the rule says \(verb) twice", place: start.place, hint: "join the two conditions by or")
            }
            let size = verb == "exit" ? 1 : try size()
            guard take(word: "when") else { throw expected("when") }
            let condition = try condition()
            guard token.kind == .end || token.kind == .sign(";") else {
                throw expected("and, or, or the end of the line")
            }
            switch verb {
            case "long": long = RuleEntry(size: size, condition: condition)
            case "short": short = RuleEntry(size: size, condition: condition)
            default: exit = condition
            }
        }
        guard long != nil || short != nil else {
            throw BacktestError(
                .ruleSyntax, "the rule never takes a position", place: tokens[0].place,
                hint: "for example: long when close > sma_200")
        }
        return (long, short, exit)
    }

    private mutating func size() throws(BacktestError) -> Double {
        guard case .number(let size) = token.kind else { return 1 }
        guard size > 0, size <= Limits.largestPosition else {
            throw BacktestError(
                .ruleSyntax, "a position of \(size) is none", place: token.place,
                hint: "a fraction of equity above 0 and at most \(Limits.largestPosition)")
        }
        at += 1
        return size
    }

    private mutating func condition() throws(BacktestError) -> RuleCondition {
        let start = token
        return try condition(either(), at: start)
    }

    private mutating func either() throws(BacktestError) -> Part {
        let start = token
        var left = try both()
        while take(word: "or") {
            let next = token
            left = .condition(.or(try condition(left, at: start), try condition(both(), at: next)))
        }
        return left
    }

    private mutating func both() throws(BacktestError) -> Part {
        let start = token
        var left = try negation()
        while take(word: "and") {
            let next = token
            left = .condition(.and(try condition(left, at: start), try condition(negation(), at: next)))
        }
        return left
    }

    private mutating func negation() throws(BacktestError) -> Part {
        guard take(word: "not") else { return try comparison() }
        try deepen()
        defer { depth -= 1 }
        let start = token
        return .condition(.not(try condition(negation(), at: start)))
    }

    private mutating func comparison() throws(BacktestError) -> Part {
        let start = token
        let left = try sum()
        if take(word: "crosses") {
            let isBelow = take(word: "below")
            guard isBelow || take(word: "above") else { throw expected("above or below") }
            let next = token
            return .condition(.crossing(try number(left, at: start), try number(sum(), at: next), isBelow: isBelow))
        }
        guard case .sign(let sign) = token.kind, let comparison = RuleCondition.Comparison(rawValue: sign) else { return left }
        at += 1
        let next = token
        let right = try number(sum(), at: next)
        if case .sign(let sign) = token.kind, RuleCondition.Comparison(rawValue: sign) != nil {
            throw BacktestError(
                .ruleSyntax, "comparisons do not chain", place: token.place, hint: "write a < b and b < c")
        }
        return .condition(.comparison(comparison, try number(left, at: start), right))
    }

    private mutating func sum() throws(BacktestError) -> Part {
        let start = token
        var left = try product()
        while case .sign(let sign) = token.kind, sign == "+" || sign == "-" {
            at += 1
            let next = token
            let (a, b) = (try number(left, at: start), try number(product(), at: next))
            left = .number(sign == "+" ? .sum(a, b) : .difference(a, b))
        }
        return left
    }

    private mutating func product() throws(BacktestError) -> Part {
        let start = token
        var left = try signed()
        while case .sign(let sign) = token.kind, sign == "*" || sign == "/" {
            at += 1
            let next = token
            let (a, b) = (try number(left, at: start), try number(signed(), at: next))
            left = .number(sign == "*" ? .product(a, b) : .quotient(a, b))
        }
        return left
    }

    private mutating func signed() throws(BacktestError) -> Part {
        guard take(sign: "-") else { return try primary() }
        try deepen()
        defer { depth -= 1 }
        let start = token
        return .number(.negated(try number(signed(), at: start)))
    }

    private mutating func primary() throws(BacktestError) -> Part {
        let start = token
        switch start.kind {
        case .number(let value):
            at += 1
            return .number(.constant(value))
        case .sign("("):
            at += 1
            try deepen()
            defer { depth -= 1 }
            let inner = try either()
            guard take(sign: ")") else { throw expected("')'") }
            return inner
        case .word(let name) where !Self.reserved.contains(name):
            at += 1
            guard let series = RuleSeries(name) else { throw RuleSeries.unknown(start, name) }
            return .number(.series(series, ago: try ago()))
        default: throw expected("a number, a column or '('")
        }
    }

    private mutating func ago() throws(BacktestError) -> Int {
        guard take(sign: "[") else { return 0 }
        guard case .number(let value) = token.kind, let ago = Int(exactly: value), (0...10_000).contains(ago) else {
            throw expected("a whole number of bars, at most 10000", hint: "close[1] is the close before this one")
        }
        at += 1
        guard take(sign: "]") else { throw expected("']'") }
        return ago
    }

    private static let reserved: Set<String> = [
        "long", "short", "exit", "when", "and", "or", "not", "crosses", "above", "below",
    ]

    private func number(_ part: Part, at token: RuleToken) throws(BacktestError) -> RuleNumber {
        if case .number(let number) = part { return number }
        throw BacktestError(.ruleType, "a condition stands where a number belongs", place: token.place)
    }

    private func condition(_ part: Part, at token: RuleToken) throws(BacktestError) -> RuleCondition {
        if case .condition(let condition) = part { return condition }
        throw BacktestError(
            .ruleType, "a number stands where a condition belongs", place: token.place, hint: "compare it, as in rsi_14 < 30")
    }

    private mutating func deepen() throws(BacktestError) {
        depth += 1
        guard depth <= Self.deepest else {
            throw BacktestError(.ruleSyntax, "the rule is nested more than \(Self.deepest) deep", place: token.place)
        }
    }

    private func expected(_ what: String, hint: String? = nil) -> BacktestError {
        BacktestError(.ruleSyntax, "\(what) belongs before \(token.shown)", place: token.place, hint: hint)
    }

    private mutating func take(word: String) -> Bool { take(.word(word)) }
    private mutating func take(sign: String) -> Bool { take(.sign(sign)) }

    private mutating func take(_ kind: RuleToken.Kind) -> Bool {
        guard token.kind == kind else { return false }
        at += 1
        return true
    }
}
