/// A condition between numeric parameters that every trial keeps, such as `rule.fast < rule.slow` or `a + 2*b <= 10`.
///
/// Both sides are sums of terms, each a number, a parameter, or a number times a parameter.
package struct SearchConstraint: Sendable, Hashable {
    package enum Relation: String, Sendable, Hashable, CaseIterable {
        // Those of two characters are looked for first.
        case atMost = "<="
        case atLeast = ">="
        case below = "<"
        case above = ">"
    }

    /// As it was written.
    package let text: String
    /// The left side less the right side: the factor of each parameter, and what has none.
    package let factors: [String: Double]
    package let constant: Double
    package let relation: Relation
    /// The parameters it speaks of, by name.
    package let parameters: [String]

    /// Throws `E_SPACE_CONSTRAINT` when `text` is not a condition.
    package init(parsing text: String) throws(SearchError) {
        guard text.utf8.count <= 1_000 else { throw Self.error(String(text.prefix(40)), "it is longer than 1000 bytes") }
        let relations = Relation.allCases.filter { text.contains($0.rawValue) }
        guard let relation = relations.first else { throw Self.error(text, "it has none of <, <=, > and >=") }
        let sides = text.split(separator: relation.rawValue, omittingEmptySubsequences: false)
        guard sides.count == 2, !sides.contains(where: { $0.contains { "<>=".contains($0) } }) else {
            throw Self.error(text, "it compares more than once")
        }
        var (factors, constant): ([String: Double], Double) = ([:], 0)
        for (side, sign) in zip(sides, [1.0, -1]) {
            for (term, termSign) in try Self.terms(side, text) {
                let (factor, name) = try Self.term(term, text)
                let value = factor * sign * termSign
                if let name { factors[name, default: 0] += value } else { constant += value }
            }
        }
        guard !factors.isEmpty else { throw Self.error(text, "it names no parameter") }
        guard constant.isFinite, factors.values.allSatisfy(\.isFinite) else { throw Self.error(text, "a number is not finite") }
        (self.text, self.factors, self.constant, self.relation) = (text, factors, constant, relation)
        parameters = factors.keys.sorted()
    }

    /// Whether the values, by parameter, satisfy the condition; a parameter that is no number satisfies none.
    package func holds(_ value: (String) -> Double?) -> Bool { violation(value) == 0 }

    /// By how much the values break the condition, 0 when they satisfy it; nil when one is missing.
    package func violation(_ value: (String) -> Double?) -> Double? {
        var sum = constant
        // By name, so that the sum is the same to the last bit wherever it is made.
        for name in parameters {
            guard let factor = factors[name], let number = value(name) else { return nil }
            sum += factor * number
        }
        return switch relation {
        case .atMost: max(0, sum)
        case .atLeast: max(0, -sum)
        case .below: sum < 0 ? 0 : max(sum, .leastNonzeroMagnitude)
        case .above: sum > 0 ? 0 : max(-sum, .leastNonzeroMagnitude)
        }
    }

    /// The terms of a sum with their signs. A sign right after an `e` belongs to a number such as 1e-3.
    private static func terms(_ side: Substring, _ text: String) throws(SearchError) -> [(Substring, Double)] {
        var terms: [(Substring, Double)] = []
        var (start, sign) = (side.startIndex, 1.0)
        for index in side.indices where side[index] == "+" || side[index] == "-" {
            let before = side[start..<index]
            if before.allSatisfy(\.isWhitespace) {
                guard terms.isEmpty, sign == 1 else { throw error(text, "two signs follow each other") }
            } else if before.last == "e" || before.last == "E", before.dropLast().last?.isNumber == true {
                continue
            } else {
                terms.append((before, sign))
            }
            sign = side[index] == "-" ? -1 : 1
            start = side.index(after: index)
        }
        terms.append((side[start...], sign))
        return terms
    }

    /// A term's factor and parameter.
    private static func term(_ term: Substring, _ text: String) throws(SearchError) -> (Double, String?) {
        let parts = term.split(separator: "*", omittingEmptySubsequences: false).map { part in
            String(part.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
        }
        guard parts.count <= 2, let first = parts.first else { throw error(text, "a term multiplies more than once") }
        if parts.count == 1 {
            if let number = Double(first) { return (number, nil) }
            return (1, try name(first, text))
        }
        guard let factor = Double(first) else { throw error(text, "\(first) is not a number to multiply with") }
        return (factor, try name(parts[1], text))
    }

    private static func name(_ word: String, _ text: String) throws(SearchError) -> String {
        guard let first = word.first, first.isLetter,
            word.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "." || $0 == "_" })
        else { throw error(text, word.isEmpty ? "a term is missing" : "\(word) is neither a number nor a parameter") }
        return word
    }

    private static func error(_ text: String, _ reason: String) -> SearchError {
        SearchError(
            code: "E_SPACE_CONSTRAINT", message: "\"\(text)\" is not a condition: \(reason)",
            hint: "write for example rule.fast < rule.slow")
    }
}
