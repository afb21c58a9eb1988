import Diagnostics
import Registry

extension Cursor {
    /// A string. Plain text that YAML could read as another type must be quoted.
    func string(_ what: String = "text") -> String? {
        guard case .scalar(let text, let quoted) = node.content else {
            mismatch(what)
            return nil
        }
        if quoted { return text }
        guard case .text(let text) = PlainScalar(text) else {
            mismatch(what, hint: isNothing ? nil : "put it in quotes to make it text: \"\(text)\"")
            return nil
        }
        return text
    }

    /// A whole number within `range`.
    func int(_ range: ClosedRange<Int>, unit: String = "") -> Int? {
        let expected = "a whole number from \(range.lowerBound) to \(range.upperBound)\(unit.isEmpty ? "" : " \(unit)")"
        guard let plain = plainScalar(expected) else { return nil }
        switch plain {
        case .int(let value?, _):
            if range.contains(value) { return value }
            report("E_SPEC_RANGE", "\(value) is outside the limits: \(expected)")
        case .int(nil, let text): report("E_SPEC_RANGE", "\(text) is outside the limits: \(expected)")
        case .float(let value, let text):
            if value >= Double(range.lowerBound), value <= Double(range.upperBound) {
                let whole = Int(exactly: value)
                mismatch(expected, hint: whole.map { "write \($0)" })
            } else {
                report("E_SPEC_RANGE", "\(text) is outside the limits: \(expected)")
            }
        case .trap(_, _, let number): mismatch(expected, hint: number.flatMap(Int.init(exactly:)).map { "write \($0)" })
        default: mismatch(expected)
        }
        return nil
    }

    /// A finite number within `range`.
    func double(_ range: ClosedRange<Double>) -> Double? {
        let expected = "a number from \(Self.text(range.lowerBound)) to \(Self.text(range.upperBound))"
        guard let value = number(expected) else { return nil }
        guard range.contains(value) else {
            report("E_SPEC_RANGE", "\(Self.text(value)) is outside the limits: \(expected)")
            return nil
        }
        return value
    }

    /// A number within `range` that is counted in thousandths.
    func thousandths(_ range: ClosedRange<Double>) -> Int64? {
        guard let value = double(range) else { return nil }
        let milli = (value * 1_000).rounded()
        guard abs(value * 1_000 - milli) < 1e-6 else {
            report(
                "E_SPEC_RANGE", "\(Self.text(value)) is not a whole number of thousandths",
                hint: "write \(Self.text((value * 1_000).rounded(.up) / 1_000))")
            return nil
        }
        return Int64(milli)
    }

    /// A finite number.
    func number(_ expected: String = "a number") -> Double? {
        guard let plain = plainScalar(expected) else { return nil }
        switch plain {
        case .int(let value, let text):
            // A whole number beyond 64 bits is still a number.
            guard let number = value.map(Double.init) ?? Double(text), number.isFinite else { break }
            return number
        case .float(let value, let text):
            if value.isFinite { return value }
            report("E_SPEC_RANGE", "\(text) is not a finite number: expected \(expected)")
            return nil
        case .trap(_, _, let number?):
            mismatch(expected, hint: "write \(Self.text(number))")
            return nil
        default: break
        }
        mismatch(expected)
        return nil
    }

    /// `true` or `false`.
    func bool() -> Bool? {
        guard let plain = plainScalar("true or false") else { return nil }
        if case .bool(let value, let text) = plain, text == "\(value)" { return value }
        mismatch("true or false")
        return nil
    }

    /// One of the names of an enumeration.
    func name<T: RawRepresentable<String> & CaseIterable>(of type: T.Type, what: String) -> T? {
        guard let text = string("a \(what)") else { return nil }
        if let value = T(rawValue: text) { return value }
        let names = T.allCases.map(\.rawValue)
        unknownName(text, what: what, names: names)
        return nil
    }

    func unknownName(_ text: String, what: String, names: [String]) {
        report(
            "E_SPEC_RANGE", "\(SpecNode.shown(text)) is no \(what)",
            hint: Suggestion.nearest(to: text, in: names).map { "did you mean \($0)?" }
                ?? "one of \(names.joined(separator: ", "))")
    }

    /// A name that the registry accepts; what looks like a path is refused as one.
    func registryName(_ what: String) -> String? {
        guard let text = string("the name of a \(what)") else { return nil }
        guard !Self.isPath(text) else {
            report(
                "E_PATH_ESCAPE", "\(SpecNode.shown(text)) is a path, but a \(what) is named",
                hint: "import or register it, then give its name")
            return nil
        }
        do {
            return try RegistryName.check(text, of: what)
        } catch let error as RegistryError {
            report(error)
        } catch {
            report("E_NAME", "\(SpecNode.shown(text)) is not a name")
        }
        return nil
    }

    /// Whether a text that should be a name leads to a file instead.
    static func isPath(_ text: String) -> Bool {
        text.contains("/") || text.contains("\\") || text.hasPrefix("..") || text.hasPrefix("~")
            || text.lowercased().hasPrefix("file:")
            || text == "."
    }

    /// A length of time such as `500ms`, `30s`, `5m`, `1h` or `2d`, in milliseconds.
    func duration(_ range: ClosedRange<Int64>) -> Int64? {
        let expected = "a duration from \(Quantity.duration(range.lowerBound)) to \(Quantity.duration(range.upperBound))"
        guard case .scalar(let text, _) = node.content else {
            mismatch(expected, hint: "for example 30s, 5m or 1h")
            return nil
        }
        guard let value = Quantity.milliseconds(text) else {
            mismatch(expected, hint: "a whole number and a unit: 500ms, 30s, 5m, 1h, 2d")
            return nil
        }
        guard range.contains(value) else {
            report("E_SPEC_RANGE", "\(text) is outside the limits: \(expected)")
            return nil
        }
        return value
    }

    /// A size of memory such as `512MiB`, `2GiB` or a number of bytes.
    func memory(_ range: ClosedRange<Int64>) -> Int64? {
        let expected = "a size from \(Quantity.bytes(range.lowerBound)) to \(Quantity.bytes(range.upperBound))"
        guard case .scalar(let text, _) = node.content, let value = Quantity.byteCount(text) else {
            mismatch(expected, hint: "for example 512MiB or 2GiB")
            return nil
        }
        guard range.contains(value) else {
            report("E_SPEC_RANGE", "\(text) is outside the limits: \(expected)")
            return nil
        }
        return value
    }

    private func plainScalar(_ expected: String) -> PlainScalar? {
        switch node.content {
        case .scalar(let text, false): return PlainScalar(text)
        case .scalar(let text, true):
            if case .text = PlainScalar(text) { mismatch(expected) } else { mismatch(expected, hint: "remove the quotes") }
        case .list, .map: mismatch(expected)
        }
        return nil
    }

    /// A number as a person writes it: 3 rather than 3.0.
    static func text(_ value: Double) -> String {
        abs(value) < 1e15 && value == value.rounded() ? String(Int64(value)) : "\(value)"
    }
}

extension Cursor {
    func unknownGateName(_ name: String, names: [String]) {
        let near = Suggestion.nearest(to: name, in: names)
        report(
            "E_GATE_NAME", "the gate knows no value \(SpecNode.shown(name))",
            hint: near.map { "did you mean \($0)?" } ?? "for example \(names.prefix(6).joined(separator: ", "))")
    }
}
