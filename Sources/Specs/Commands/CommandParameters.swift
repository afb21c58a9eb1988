import Search

/// The parameters of a program, as specs write them: numbers and texts by name, some of them ranges.
enum CommandParameters {
    static let nameHint = "up to 64 letters, digits, '_', '.' and '-', beginning with a letter or '_'"

    /// Values only. Reports `E_NAME`, `E_SPEC_TYPE`, `E_SPEC_RANGE`.
    static func values(_ cursor: Cursor) -> [String: ParameterValue]? {
        guard let map = named(cursor) else { return nil }
        var values: [String: ParameterValue] = [:]
        for (name, item) in map.items { values[name] = value(item) }
        return values.count == map.entries.count ? values : nil
    }

    /// Values, and the ranges among them in order of name.
    static func settings(_ cursor: Cursor) -> (fixed: [String: ParameterValue], searched: [SearchSpace.Parameter])? {
        guard let map = named(cursor) else { return nil }
        var fixed: [String: ParameterValue] = [:]
        var searched: [SearchSpace.Parameter] = []
        for (name, item) in map.items {
            switch setting(name, item, in: map) {
            case .fixed(let value): fixed[name] = value
            case .search(let distribution):
                guard let when = condition(item) else { continue }
                searched.append(.init(name: name, distribution: distribution, when: when.first))
            case nil: continue
            }
        }
        guard fixed.count + searched.count == map.entries.count else { return nil }
        return (fixed, searched.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) })
    }

    static func isName(_ name: String) -> Bool {
        let bytes = Array(name.utf8)
        guard (1...64).contains(bytes.count), bytes[0] == UInt8(ascii: "_") || isLetter(bytes[0]) else { return false }
        return bytes.allSatisfy {
            isLetter($0) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || "_.-".utf8.contains($0)
        }
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) }

    private static func named(_ cursor: Cursor) -> MapCursor? {
        guard let map = cursor.anyMap(what: "parameters") else { return nil }
        guard map.entries.count <= CommandProgram.parameterLimit else {
            cursor.report("E_SPEC_RANGE", "there are at most \(CommandProgram.parameterLimit) parameters")
            return nil
        }
        var isWhole = true
        for (name, value) in map.items where !isName(name) {
            value.report("E_NAME", "\(SpecNode.shown(name)) is not the name of a parameter", hint: nameHint)
            isWhole = false
        }
        return isWhole ? map : nil
    }

    /// A number or a text.
    static func value(_ cursor: Cursor) -> ParameterValue? {
        guard case .scalar(let text, let quoted) = cursor.node.content else {
            cursor.mismatch("a number or a text")
            return nil
        }
        if !quoted {
            switch PlainScalar(text) {
            case .int(let value?, _): return .int(value)
            case .int, .float: return cursor.number().map(ParameterValue.double)
            default: break
            }
        }
        return cursor.string("a number or a text").map(ParameterValue.string)
    }

    private static func setting(_ name: String, _ cursor: Cursor, in map: MapCursor) -> Setting? {
        guard case .map(let entries) = cursor.node.content else { return value(cursor).map(Setting.fixed) }
        if entries.contains(where: { $0.key == "choice" }) { return choice(name, cursor).map(Setting.search) }
        let isWhole = entries.contains { $0.key == "int" }
        let limit = isWhole ? Double(Distribution.largestInt) : 1e300
        let field = NumberField(
            name: name, range: -limit...limit, isWhole: isWhole, defaultValue: nil, meaning: "a number or a range")
        return field.decode(in: map, more: ["when"])
    }

    /// When a range takes part: no or one condition; nil after reporting `E_SPACE_CONDITION`.
    private static func condition(_ cursor: Cursor) -> [ParameterCondition]? {
        guard case .map(let entries) = cursor.node.content, entries.contains(where: { $0.key == "when" }),
            let when = cursor.anyMap(what: "a range")?["when"]
        else { return [] }
        guard let text = when.string("a condition such as model == gbt") else { return nil }
        do throws(SearchError) {
            return [try ParameterCondition(parsing: text)]
        } catch {
            when.report(error.code, error.message, hint: error.hint)
            return nil
        }
    }

    private static func choice(_ name: String, _ cursor: Cursor) -> Distribution? {
        guard let map = cursor.map(["choice", "when"], what: "a choice"), let items = map["choice"]?.list(of: "numbers or texts")
        else {
            return nil
        }
        let values = items.map(value)
        guard !values.contains(nil) else { return nil }
        let distribution = Distribution.categorical(values.compactMap { $0 })
        do throws(SearchError) {
            try distribution.validate(name: name)
            return distribution
        } catch {
            cursor.report(error.code, error.message, hint: error.hint)
            return nil
        }
    }
}
