/// When a parameter takes part: another one has one of some values, such as `model == gbt` or `model in [gbt, forest]`.
package struct ParameterCondition: Sendable, Hashable, Codable {
    /// The name of the other parameter.
    package let parameter: String
    /// What it must have; never empty.
    package let values: [ParameterValue]

    package init(parameter: String, values: [ParameterValue]) { (self.parameter, self.values) = (parameter, values) }

    /// Throws `E_SPACE_CONDITION` when `text` is not a condition.
    package init(parsing text: String) throws(SearchError) {
        guard text.utf8.count <= 1_000 else { throw Self.error(String(text.prefix(40)), "it is longer than 1000 bytes") }
        let values: [ParameterValue]
        let name: Substring
        if let range = text.firstRange(of: "==") {
            name = text[..<range.lowerBound]
            values = [try Self.value(text[range.upperBound...], text)]
        } else if let range = text.firstRange(of: " in ") {
            name = text[..<range.lowerBound]
            let list = Self.trimmed(text[range.upperBound...])
            guard list.first == "[", list.last == "]", list.count > 2 else { throw Self.error(text, "after in comes a list") }
            var items: [ParameterValue] = []
            for item in list.dropFirst().dropLast().split(separator: ",", omittingEmptySubsequences: false) {
                items.append(try Self.value(item, text))
            }
            values = items
        } else {
            throw Self.error(text, "it has neither == nor in")
        }
        let word = Self.trimmed(name)
        guard let first = word.first, first.isLetter || first == "_",
            word.allSatisfy({ $0.isLetter || $0.isNumber || "._-".contains($0) })
        else { throw Self.error(text, "it does not begin with the name of a parameter") }
        self.init(parameter: String(word), values: values)
    }

    private static func value(_ text: Substring, _ whole: String) throws(SearchError) -> ParameterValue {
        let word = trimmed(text)
        if let quote = word.first, quote == "'" || quote == "\"", word.count >= 2, word.last == quote {
            return .string(String(word.dropFirst().dropLast()))
        }
        guard !word.isEmpty, !word.contains(where: { "'\"[]=".contains($0) }) else { throw error(whole, "a value is missing") }
        if let number = Int(word) { return .int(number) }
        if let number = Double(word), number.isFinite { return .double(number) }
        return .string(String(word))
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text.drop(while: \.isWhitespace)
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }

    private static func error(_ text: String, _ reason: String) -> SearchError {
        SearchError(
            code: "E_SPACE_CONDITION", message: "\"\(text)\" does not say when a parameter takes part: \(reason)",
            hint: "write for example model == gbt, or model in [gbt, forest]")
    }
}

extension ParameterCondition: CustomStringConvertible {
    /// Reads back to the same condition.
    package var description: String {
        let words = values.map { value in
            guard case .string(let text) = value else { return value.description }
            let isPlain = text.allSatisfy { $0.isLetter || $0.isNumber || "._-".contains($0) } && Double(text) == nil
            return isPlain && !text.isEmpty ? text : text.contains("'") ? "\"\(text)\"" : "'\(text)'"
        }
        return words.count == 1 ? "\(parameter) == \(words[0])" : "\(parameter) in [\(words.joined(separator: ", "))]"
    }
}
