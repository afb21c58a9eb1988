import Diagnostics

/// The rule for the names of series.
package enum Symbol {
    /// Throws `E_NAME` unless `symbol` is 1 to 64 printable ASCII characters without blanks, quotes, backslashes, commas and
    /// semicolons, and does not begin with a character that makes spreadsheets run it as a formula.
    package static func check(_ symbol: String) throws(MarketDataError) {
        let bytes = symbol.utf8
        guard let first = bytes.first, bytes.count <= 64, bytes.allSatisfy(isAllowed), !"=+-@".utf8.contains(first) else {
            let shown = String(String.UnicodeScalarView(symbol.unicodeScalars.prefix(64))).debugDescription
            throw MarketDataError(
                .name, "\(shown) is not a symbol", place: .key("/symbol"),
                hint: "1 to 64 letters, digits and signs such as . ^ = _ -, beginning with none of = + - @")
        }
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        byte > 0x20 && byte < 0x7F && !"\"'\\,;`".utf8.contains(byte)
    }
}
