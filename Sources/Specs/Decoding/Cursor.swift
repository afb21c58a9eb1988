import Diagnostics

/// A value of the document together with its key's pointer and the place where mistakes go.
///
/// Every decoding function returns nil after it has reported what is wrong, so that decoding goes on and finds the rest.
struct Cursor {
    let node: SpecNode
    let pointer: String
    let issues: Issues

    func report(_ code: String, _ message: String, hint: String? = nil) {
        issues.add(code, message, line: node.line, column: node.column, pointer: pointer, hint: hint)
    }

    /// Reports another module's mistake at this value, or at the key below it that the mistake names.
    func report(_ error: any DiagnosticError) {
        var target = self
        if case .key(let key) = error.place { target = descendant(key) ?? self }
        target.report(error.code, error.message, hint: error.hint)
    }

    func mismatch(_ expected: String, hint: String? = nil) {
        report("E_SPEC_TYPE", "expected \(expected), but found \(node.summary)", hint: hint)
    }

    var isNothing: Bool {
        if case .scalar(let text, false) = node.content, PlainScalar(text) == .nothing { return true }
        return false
    }

    // MARK: Collections

    /// The mapping with the given keys only; reports every other key with the known one nearest to it.
    func map(_ keys: [String], what: String) -> MapCursor? {
        guard let map = anyMap(what: what) else { return nil }
        for entry in map.entries where !keys.contains(entry.key) {
            let near = Suggestion.nearest(to: entry.key, in: keys.filter { map[$0] == nil })
            issues.add(
                "E_SPEC_UNKNOWN_KEY", "\(what) has no key \(SpecNode.shown(entry.key))", line: entry.line, column: entry.column,
                pointer: pointer + "/" + Self.escaped(entry.key),
                hint: near.map { "did you mean \($0)?" } ?? "known keys are \(keys.joined(separator: ", "))")
        }
        return map
    }

    /// The mapping with whatever keys it has.
    func anyMap(what: String) -> MapCursor? {
        guard case .map(let entries) = node.content else {
            mismatch("a mapping for \(what)")
            return nil
        }
        return MapCursor(entries: entries, cursor: self)
    }

    /// The items of a list.
    func list(of what: String) -> [Cursor]? {
        guard case .list(let items) = node.content else {
            mismatch("a list of \(what)", hint: "write [a, b]")
            return nil
        }
        return items.enumerated().map { Cursor(node: $1, pointer: "\(pointer)/\($0)", issues: issues) }
    }

    /// The value that a JSON pointer relative to this one leads to, or the nearest one above it that exists.
    private func descendant(_ key: String) -> Cursor? {
        var cursor = self
        for part in key.split(separator: "/") {
            switch cursor.node.content {
            case .map(let entries):
                guard let entry = entries.first(where: { $0.key == part }) else {
                    return Cursor(node: cursor.node, pointer: cursor.pointer + "/" + part, issues: issues)
                }
                cursor = Cursor(node: entry.value, pointer: cursor.pointer + "/" + Self.escaped(entry.key), issues: issues)
            case .list(let items):
                guard let index = Int(part), items.indices.contains(index) else { return cursor }
                cursor = Cursor(node: items[index], pointer: "\(cursor.pointer)/\(index)", issues: issues)
            case .scalar: return cursor
            }
        }
        return cursor
    }

    static func escaped(_ key: String) -> String {
        key.contains("~") || key.contains("/")
            ? key.split(separator: "~", omittingEmptySubsequences: false).joined(separator: "~0")
                .split(separator: "/", omittingEmptySubsequences: false).joined(separator: "~1") : key
    }
}

/// A mapping whose keys are asked for by name.
struct MapCursor {
    let entries: [SpecNode.Entry]
    let cursor: Cursor

    /// The value of a key; nil when it is absent.
    subscript(key: String) -> Cursor? {
        guard let entry = entries.first(where: { $0.key == key }) else { return nil }
        return Cursor(node: entry.value, pointer: cursor.pointer + "/" + Cursor.escaped(key), issues: cursor.issues)
    }

    /// The value of a key that must be there; reports `E_SPEC_MISSING` with the key's pointer when it is not.
    func required(_ key: String, hint: String? = nil) -> Cursor? {
        if let value = self[key] { return value }
        cursor.issues.add(
            "E_SPEC_MISSING", "the key \(key) is missing", line: cursor.node.line, column: cursor.node.column,
            pointer: cursor.pointer + "/" + key, hint: hint)
        return nil
    }

    /// All keys with their values, in the order of the text.
    var items: [(key: String, value: Cursor)] {
        entries.map {
            ($0.key, Cursor(node: $0.value, pointer: cursor.pointer + "/" + Cursor.escaped($0.key), issues: cursor.issues))
        }
    }
}
