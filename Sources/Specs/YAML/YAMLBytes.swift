import Diagnostics

/// Checks the bytes of a spec before anything reads them as YAML.
enum YAMLBytes {
    /// The largest spec, in bytes: 1 MiB.
    static let limit = 1 << 20

    /// The text of a file's bytes. Throws `E_SPEC_TOO_LARGE` or `E_YAML_ENCODING`.
    static func text(_ bytes: some Collection<UInt8>, file: String?) throws(SpecError) -> String {
        try checkSize(bytes.count, file: file)
        let start = Array(bytes.prefix(4))
        if start.starts(with: [0xFF, 0xFE]) || start.starts(with: [0xFE, 0xFF]) {
            throw encoding("the file is UTF-16", file, 1, 1, "save it as UTF-8")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            // The first byte that the repaired text does not share is where it went wrong.
            let repaired = String(decoding: bytes, as: UTF8.self).utf8
            var (line, column) = (1, 1)
            for (a, b) in zip(bytes, repaired) {
                if a != b { break }
                if a == 0x0A { (line, column) = (line + 1, 1) } else if a & 0xC0 != 0x80 { column += 1 }
            }
            throw encoding("a byte is not UTF-8", file, line, column, "save the file as UTF-8")
        }
        return text
    }

    static func checkSize(_ count: Int, file: String?) throws(SpecError) {
        guard count <= limit else {
            throw SpecError(
                "E_SPEC_TOO_LARGE", "the spec has \(count) bytes, more than the limit of \(limit)",
                place: .text(file: file, line: 1, column: 1), hint: "put data into a dataset, not into the spec")
        }
    }

    /// Throws `E_YAML_ENCODING` for characters that are invisible or turn text around: control characters, the byte order mark
    /// inside the text, line separators that editors do not show as such, and bidirectional overrides.
    static func checkCharacters(_ text: String, file: String?) throws(SpecError) {
        var (line, column) = (1, 1)
        var previous: UInt32 = 0
        for scalar in text.unicodeScalars {
            let value = scalar.value
            if previous == 0x0D, value != 0x0A {
                throw encoding("a carriage return does not end a line", file, line, max(1, column - 1), "use line feeds")
            }
            if value == 0x0A {
                (line, column) = (line + 1, 1)
            } else {
                if isForbidden(value) {
                    let name =
                        "U+" + String(repeating: "0", count: max(0, 4 - String(value, radix: 16).count))
                        + String(value, radix: 16).uppercased()
                    throw encoding(
                        "the character \(name) is not allowed in a spec", file, line, column,
                        "remove it, or write it as an escape in double quotes")
                }
                column += 1
            }
            previous = value
        }
        if previous == 0x0D {
            throw encoding("a carriage return does not end a line", file, line, max(1, column - 1), "use line feeds")
        }
    }

    private static func isForbidden(_ value: UInt32) -> Bool {
        switch value {
        case 0x09, 0x0D: false
        case 0..<0x20, 0x7F...0x9F: true
        case 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF: true
        // Bidirectional marks, embeddings, overrides and isolates.
        case 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: true
        default: false
        }
    }

    private static func encoding(_ message: String, _ file: String?, _ line: Int, _ column: Int, _ hint: String) -> SpecError {
        SpecError("E_YAML_ENCODING", message, place: .text(file: file, line: line, column: column), hint: hint)
    }
}
