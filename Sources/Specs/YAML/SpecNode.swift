/// A value of a parsed document with the position of its first character; line and column count from 1.
struct SpecNode: Sendable {
    indirect enum Content: Sendable {
        /// The text of a scalar. Quoted text is always a string; plain text is what the key's type makes of it.
        case scalar(String, quoted: Bool)
        case list([SpecNode])
        case map([Entry])
    }

    /// A key with its value, in the order of the text.
    struct Entry: Sendable {
        let key: String
        let line: Int
        let column: Int
        let value: SpecNode
    }

    let content: Content
    let line: Int
    let column: Int

    /// What the value is, for messages: `a list`, `a mapping`, `the text "x"`, `nothing`.
    var summary: String {
        switch content {
        case .list: "a list"
        case .map: "a mapping"
        case .scalar(let text, true): "the text \(Self.shown(text))"
        case .scalar(let text, false): PlainScalar(text).summary
        }
    }

    /// `text` in quotes, short, with control characters escaped.
    static func shown(_ text: String) -> String {
        let short = String(String.UnicodeScalarView(text.unicodeScalars.prefix(60)))
        return (short + (short.unicodeScalars.count < text.unicodeScalars.count ? "..." : "")).debugDescription
    }
}
