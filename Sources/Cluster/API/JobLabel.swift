/// A label that jobs are found by, such as `team=alpha`.
package struct JobLabel: Sendable, Hashable {
    package var key: String
    package var value: String

    /// Nil unless the text is `KEY=VALUE` with a key.
    package init?(_ text: String) {
        guard let equals = text.firstIndex(of: "="), equals != text.startIndex else { return nil }
        (key, value) = (String(text[..<equals]), String(text[text.index(after: equals)...]))
    }
}
