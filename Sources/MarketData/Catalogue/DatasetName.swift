import Diagnostics

/// The rules for what datasets are called.
package enum DatasetName {
    /// Throws `E_NAME` unless `name` is 1 to 64 ASCII letters, digits, dots, underscores and hyphens and does not begin with a
    /// dot. Such a name is also a safe file name.
    package static func check(_ name: String) throws(MarketDataError) {
        let bytes = name.utf8
        guard !bytes.isEmpty, bytes.count <= 64, bytes.first != UInt8(ascii: "."), bytes.allSatisfy(isAllowed) else {
            let shown = String(String.UnicodeScalarView(name.unicodeScalars.prefix(64))).debugDescription
            throw MarketDataError(
                .name, "\(shown) is not a dataset name", place: .key("/name"),
                hint: "1 to 64 letters, digits, dots, underscores and hyphens, not beginning with a dot")
        }
    }

    /// Throws `E_DATA_HASH` unless `sha256` is 64 lower-case hexadecimal digits.
    package static func check(sha256: String) throws(MarketDataError) {
        guard isHash(sha256) else {
            let shown = String(String.UnicodeScalarView(sha256.unicodeScalars.prefix(80))).debugDescription
            throw MarketDataError(
                .dataHash, "\(shown) is not a SHA-256", place: .key("/sha256"), hint: "64 lower-case hexadecimal digits")
        }
    }

    static func isHash(_ text: String) -> Bool { text.utf8.count == 64 && Hex.bytes(text) != nil }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
