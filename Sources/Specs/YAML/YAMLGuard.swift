import Diagnostics

/// Admits the subset of YAML that specs are written in, in one pass over the bytes and with no work beyond it.
///
/// The subset is small enough that this scan and the YAML library agree on every token: a scalar ends on its line, quotes
/// close on their line, there are no anchors, aliases, tags, block scalars, merge keys, directives or complex keys. Whatever
/// would need more context to be understood is refused, so nothing can hide from the scan in a string or a comment. It bounds
/// the depth by counting every opening bracket, every deeper column and every dash, and finds duplicate keys itself in
/// order to name both lines.
struct YAMLGuard {
    /// Levels of nesting that a spec may have.
    static let depthLimit = 64

    /// The text without a byte order mark at its start.
    let text: String
    private let file: String?
    private let bytes: [UInt8]
    /// The line that is being read: where it starts, where its end is, and its number from 1.
    private var lineStart = 0
    private var lineEnd = 0
    var line = 0
    var position = 0
    /// Open block collections by rising column, open flow collections inside the innermost of them.
    private var blocks: [BlockFrame] = []
    var flows: [FlowFrame] = []
    /// The column of the entry that holds the last complete value: a deeper line would go on with it.
    var valueIsComplete = false
    private var hasContent = false
    private var hasMarker = false
    private var hasEnded = false

    private struct BlockFrame {
        let column: Int
        let isList: Bool
        /// Keys with the line they are on.
        var keys: [String: Int] = [:]
    }

    struct FlowFrame {
        let isList: Bool
        let line: Int
        let column: Int
        var keys: [String: Int] = [:]
        /// A scalar that becomes a key if a colon follows, with its position.
        var scalar: (text: String, line: Int, column: Int)?
        /// A value stands where only a comma or the end may follow.
        var isFull = false
        /// A key and its colon have been read.
        var hasKey = false
    }

    /// Throws `E_SPEC_TOO_LARGE` or `E_YAML_ENCODING`.
    init(_ text: String, file: String?) throws(SpecError) {
        try YAMLBytes.checkSize(text.utf8.count, file: file)
        let text = text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
        try YAMLBytes.checkCharacters(text, file: file)
        self.text = text
        self.file = file
        bytes = Array(text.utf8)
    }

    mutating func check() throws(SpecError) {
        var start = 0
        while start < bytes.count {
            var end = start
            while end < bytes.count, bytes[end] != 0x0A { end += 1 }
            (lineStart, position, line) = (start, start, line + 1)
            lineEnd = end > start && bytes[end - 1] == 0x0D ? end - 1 : end
            try readLine()
            start = end + 1
        }
        if let open = flows.last {
            throw failure("E_YAML_SYNTAX", "the \(open.isList ? "[" : "{") is never closed", at: open.line, open.column)
        }
        guard hasContent else {
            throw SpecError(
                "E_SPEC_EMPTY", "the spec is empty", place: .text(file: file, line: 1, column: 1), hint: "begin with: job: study")
        }
    }

    // MARK: Lines

    private mutating func readLine() throws(SpecError) {
        while current == .space { position += 1 }
        if current == .tab {
            skipBlanks()
            guard isAtEndOfLine else {
                throw failure("E_YAML_SYNTAX", "a line is indented with a tab", at: line, 1, hint: "indent with spaces")
            }
        }
        if isAtEndOfLine { return }
        if position == lineStart, try readMarker() { return }
        guard !hasEnded else { throw multipleDocuments() }
        hasContent = true
        if flows.isEmpty { try readBlockLine() } else { try readFlow() }
    }

    /// Takes `---`, `...` and `%` at the start of a line.
    private mutating func readMarker() throws(SpecError) -> Bool {
        if current == .percent { throw failure("E_YAML_SYNTAX", "directives are not allowed in a spec", hint: "remove the line") }
        let rest = bytes[position..<lineEnd]
        let isStart = rest.starts(with: "---".utf8)
        guard isStart || rest.starts(with: "...".utf8), rest.count == 3 || isBlank(rest[rest.startIndex + 3]) else {
            return false
        }
        if isStart, hasContent || hasMarker { throw multipleDocuments() }
        position += 3
        skipBlanks()
        guard isAtEndOfLine else { throw failure("E_YAML_SYNTAX", "a document marker stands alone on its line") }
        if isStart { hasMarker = true } else { hasEnded = true }
        if !flows.isEmpty { throw failure("E_YAML_SYNTAX", "the document ends inside brackets") }
        return true
    }

    private func multipleDocuments() -> SpecError {
        failure("E_YAML_MULTIDOC", "the file has more than one document", hint: "submit one spec a file")
    }

    private mutating func readBlockLine() throws(SpecError) {
        var column = position - lineStart
        if valueIsComplete, let innermost = blocks.last, column > innermost.column {
            throw failure(
                "E_YAML_SYNTAX", "this line continues the value above it", hint: "write a value on one line, in quotes if need be"
            )
        }
        valueIsComplete = false
        while let innermost = blocks.last, innermost.column > column { blocks.removeLast() }
        var isItem = false
        while current == .dash, isBlankOrEnd(position + 1) {
            isItem = true
            try openBlock(column: column, isList: true)
            position += 1
            skipBlanks()
            if isAtEndOfLine { return }
            column = position - lineStart
        }
        try readBlockEntry(column: column, isItem: isItem)
    }

    /// A key with or without a value, or the scalar or flow collection of a list item.
    private mutating func readBlockEntry(column: Int, isItem: Bool) throws(SpecError) {
        try refuseIndicators()
        if current == .openBracket || current == .openBrace {
            guard isItem || column == 0 && blocks.isEmpty || column > (blocks.last?.column ?? -1) else {
                throw failure("E_YAML_SYNTAX", "expected a key", hint: "write key: value")
            }
            return try readFlow()
        }
        let start = position
        let key = try readScalar(inFlow: false)
        skipBlanks()
        guard current == .colon, isBlankOrEnd(position + 1) else {
            guard isItem else {
                throw failure(
                    "E_YAML_SYNTAX", "expected a key and a colon", at: line, columnNumber(start), hint: "write key: value")
            }
            try expectEndOfLine()
            valueIsComplete = true
            return
        }
        if let innermost = blocks.last, innermost.column == column, innermost.isList { blocks.removeLast() }
        try openBlock(column: column, isList: false)
        let last = blocks.count - 1
        try register(key, line, columnNumber(start), in: &blocks[last].keys)
        position += 1
        skipBlanks()
        if isAtEndOfLine { return }
        try refuseIndicators()
        if current == .openBracket || current == .openBrace { return try readFlow() }
        if current == .dash, isBlankOrEnd(position + 1) {
            throw failure(
                "E_YAML_SYNTAX", "a list item cannot stand on the line of its key",
                hint: "put it on the next line, or write [a, b]")
        }
        _ = try readScalar(inFlow: false)
        skipBlanks()
        if current == .colon, isBlankOrEnd(position + 1) {
            throw failure("E_YAML_SYNTAX", "a second colon on one line", hint: "put the value in quotes, or write {key: value}")
        }
        try expectEndOfLine()
        valueIsComplete = true
    }

    private mutating func openBlock(column: Int, isList: Bool) throws(SpecError) {
        if let innermost = blocks.last, innermost.column == column, innermost.isList == isList { return }
        blocks.append(BlockFrame(column: column, isList: isList))
        try checkDepth(at: lineStart + column)
    }

    // MARK: Scalars

    /// Refuses what begins a token that specs do not have.
    func refuseIndicators() throws(SpecError) {
        switch current {
        case .asterisk:
            throw failure(
                "E_YAML_ALIAS_BUDGET", "aliases are not allowed in a spec", hint: "write the value out, or put text in quotes")
        case .ampersand: throw anchor()
        case .exclamation:
            throw failure("E_YAML_TAG", "tags are not allowed in a spec", hint: "remove the tag, or put text in quotes")
        case .pipe, .greater:
            throw failure(
                "E_YAML_SYNTAX", "block text is not allowed in a spec", hint: "write the text in double quotes on one line")
        case .percent, .at, .backtick:
            throw failure("E_YAML_SYNTAX", "a value cannot begin with this sign", hint: "put text in quotes")
        case .question where isBlankOrEnd(position + 1): throw complexKey()
        case .closeBracket, .closeBrace, .comma:
            if flows.isEmpty { throw failure("E_YAML_SYNTAX", "a value cannot begin with this sign", hint: "put text in quotes") }
        default: return
        }
    }

    func complexKey() -> SpecError {
        failure("E_YAML_SYNTAX", "a key must be a plain word before its colon", hint: "write key: value")
    }

    /// An anchor is refused in any case; one whose own value refers to it could never have been built.
    private func anchor() -> SpecError {
        var end = position + 1
        while end < lineEnd, !isBlank(bytes[end]),
            ![.comma, .closeBracket, .closeBrace, .openBracket, .openBrace].contains(bytes[end])
        { end += 1 }
        let alias = [UInt8.asterisk] + bytes[(position + 1)..<end]
        // The anchored value goes on over all deeper lines, or to the end of the brackets that hold it.
        var index = end
        var isFirstLine = true
        let indentation = bytes[lineStart..<position].prefix { $0 == .space }.count
        while index < bytes.count {
            var stop = index
            while stop < bytes.count, bytes[stop] != 0x0A { stop += 1 }
            let content = bytes[index..<stop]
            let depth = content.prefix { $0 == .space }.count
            if !isFirstLine, flows.isEmpty, depth <= indentation, depth < content.count { break }
            for start in content.indices where bytes[start] == .asterisk && bytes[start..<stop].starts(with: alias) {
                let after = start + alias.count
                if after == stop || isBlank(bytes[after])
                    || [.comma, .closeBracket, .closeBrace, .colon, 0x0D].contains(bytes[after])
                {
                    return failure("E_YAML_ANCHOR_CYCLE", "the anchor's value refers to itself", hint: "write the values out")
                }
            }
            isFirstLine = false
            index = stop + 1
        }
        return failure(
            "E_YAML_ALIAS_BUDGET", "anchors are not allowed in a spec", hint: "write the values out, or put text in quotes")
    }

    /// Takes a quoted or plain scalar and returns its text; quoted text keeps its escapes.
    mutating func readScalar(inFlow: Bool) throws(SpecError) -> String {
        let start = position
        guard let quote = current, quote == .doubleQuote || quote == .singleQuote else { return try readPlain(inFlow: inFlow) }
        position += 1
        while position < lineEnd {
            if bytes[position] == .backslash, quote == .doubleQuote {
                position += 2
                continue
            }
            if bytes[position] == quote {
                if quote == .singleQuote, position + 1 < lineEnd, bytes[position + 1] == quote {
                    position += 2
                    continue
                }
                position += 1
                return String(decoding: bytes[(start + 1)..<(position - 1)], as: UTF8.self)
            }
            position += 1
        }
        throw failure(
            "E_YAML_SYNTAX", "the quotes are not closed on this line", at: line, columnNumber(start),
            hint: "write a value on one line")
    }

    private mutating func readPlain(inFlow: Bool) throws(SpecError) -> String {
        let start = position
        var end = position
        while position < lineEnd {
            let byte = bytes[position]
            if byte == .hash, position > start, isBlank(bytes[position - 1]) { break }
            if byte == .colon, isBlankOrEnd(position + 1) { break }
            if inFlow {
                if [.comma, .openBracket, .closeBracket, .openBrace, .closeBrace].contains(byte) { break }
                if byte == .colon, [.comma, .openBracket, .closeBracket, .openBrace, .closeBrace].contains(bytes[position + 1]) {
                    break
                }
                if [.doubleQuote, .singleQuote, .question].contains(byte) {
                    throw failure(
                        "E_YAML_SYNTAX", "a quote or question mark inside plain text in brackets",
                        hint: "put the whole text in quotes")
                }
            }
            position += 1
            if !isBlank(byte) { end = position }
        }
        guard end > start else { throw complexKey() }
        return String(decoding: bytes[start..<end], as: UTF8.self)
    }

    func register(_ key: String, _ line: Int, _ column: Int, in keys: inout [String: Int]) throws(SpecError) {
        guard key != "<<" else {
            throw failure(
                "E_YAML_ALIAS_BUDGET", "merge keys are not allowed in a spec", at: line, column, hint: "write the values out")
        }
        if let first = keys.updateValue(line, forKey: key) {
            throw failure(
                "E_YAML_DUP_KEY", "the key \(SpecNode.shown(key)) is given twice, on line \(first) and on line \(line)", at: line,
                column,
                hint: "remove one of them")
        }
    }

    // MARK: Positions

    var current: UInt8? { position < lineEnd ? bytes[position] : nil }

    private func isBlank(_ byte: UInt8) -> Bool { byte == .space || byte == .tab }

    func isBlankOrEnd(_ position: Int) -> Bool { position >= lineEnd || isBlank(bytes[position]) }

    mutating func skipBlanks() {
        while let byte = current, isBlank(byte) { position += 1 }
    }

    /// Nothing but a comment follows.
    var isAtEndOfLine: Bool { position >= lineEnd || bytes[position] == .hash }

    private func expectEndOfLine() throws(SpecError) {
        guard isAtEndOfLine else { throw failure("E_YAML_SYNTAX", "text after the value", hint: "put the whole text in quotes") }
    }

    func checkDepth(at position: Int) throws(SpecError) {
        guard blocks.count + flows.count <= Self.depthLimit else {
            throw failure(
                "E_YAML_DEPTH", "the spec is nested deeper than \(Self.depthLimit) levels", at: line, columnNumber(position))
        }
    }

    /// The column of a position in this line, in characters from 1.
    func columnNumber(_ position: Int) -> Int {
        1 + bytes[lineStart..<max(lineStart, min(position, lineEnd))].count { $0 & 0xC0 != 0x80 }
    }

    func failure(_ code: String, _ message: String, hint: String? = nil) -> SpecError {
        failure(code, message, at: line, columnNumber(position), hint: hint)
    }

    func failure(_ code: String, _ message: String, at line: Int, _ column: Int, hint: String? = nil) -> SpecError {
        SpecError(code, message, place: .text(file: file, line: max(1, line), column: column), hint: hint)
    }
}
