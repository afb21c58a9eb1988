import Diagnostics

/// The rule for names of models and aliases: 1 to 64 of A-Z a-z 0-9 `.` `_` `-`, not starting with a dot.
///
/// Names become parts of URLs and of file names, so only plain ASCII is let in: no separators, no look-alike letters.
package enum RegistryName {
    /// The longest name, in bytes.
    package static let limit = 64

    /// Returns `name` when it follows the rule; throws `E_NAME` otherwise. `what` says whose name it is, such as `model`.
    @discardableResult
    package static func check(_ name: String, of what: String) throws -> String {
        let bytes = name.utf8
        guard !bytes.isEmpty else { throw failure("the name of the \(what) is empty") }
        guard bytes.count <= limit else {
            throw failure("the name of the \(what) has \(bytes.count) bytes, more than \(limit)")
        }
        guard bytes.first != UInt8(ascii: ".") else { throw failure("the name of the \(what) starts with a dot") }
        guard bytes.allSatisfy(isAllowed) else {
            throw failure("the name of the \(what) has a character outside A-Z a-z 0-9 . _ -: \(printable(name))")
        }
        return name
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    /// The name with everything but printable ASCII escaped, safe to show on a terminal.
    private static func printable(_ name: String) -> String {
        name.unicodeScalars.map { $0.value >= 0x20 && $0.value < 0x7F ? String($0) : "\\u{\(String($0.value, radix: 16))}" }
            .joined()
    }

    private static func failure(_ message: String) -> RegistryError {
        RegistryError(
            "E_NAME", message, hint: "use up to \(limit) letters, digits, dots, underscores and hyphens", category: .input)
    }
}
