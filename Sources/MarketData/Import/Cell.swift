import Diagnostics

/// The text of one value of a row, for messages.
enum Cell {
    /// The text in quotes with control characters escaped, cut to 40 bytes.
    static func show(_ text: UnsafeBufferPointer<UInt8>) -> String {
        let start = String(decoding: text.prefix(40), as: UTF8.self)
        return start.debugDescription + (text.count > 40 ? "..." : "")
    }

    /// `E_CSV_LINE_ENDING` when the text holds a carriage return.
    static func lineEndingError(_ text: UnsafeBufferPointer<UInt8>, _ place: Place) -> MarketDataError? {
        guard text.contains(0x0D) else { return nil }
        return MarketDataError(
            .csvLineEnding, "a carriage return within a line: \(show(text))", place: place,
            hint: "end every line with LF or CRLF")
    }

    /// `E_NUMBER` that says why the text is no number, or `E_CSV_LINE_ENDING`.
    static func numberError(_ text: UnsafeBufferPointer<UInt8>, _ place: Place) -> MarketDataError {
        if let ending = lineEndingError(text, place) { return ending }
        let word = String(decoding: text.prefix(40), as: UTF8.self)
        let hint: String?
        let reason: String
        switch word.lowercased() {
        case "": (reason, hint) = ("the cell is empty", "remove the row or fill the cell")
        case "null", "na", "n/a", "-", "none": (reason, hint) = ("\(show(text)) stands for a missing value", "remove the row")
        case "nan", "inf", "+inf", "-inf", "infinity", "+infinity", "-infinity", "-nan", "+nan":
            (reason, hint) = ("\(show(text)) is not a finite number", "remove the row")
        default:
            (reason, hint) =
                text.contains(UInt8(ascii: ","))
                ? commaReason(text) : ("\(show(text)) is not a number", "write numbers like 1234.5 or 1.2345e3")
        }
        return MarketDataError(.number, reason, place: place, hint: hint)
    }

    /// `E_NUMBER` for a number beyond the range of a double.
    static func rangeError(_ text: UnsafeBufferPointer<UInt8>, _ place: Place) -> MarketDataError {
        MarketDataError(.number, "\(show(text)) is too large for a 64-bit floating-point number", place: place)
    }

    private static func commaReason(_ text: UnsafeBufferPointer<UInt8>) -> (String, String) {
        let parts = text.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        let isGrouped = parts.count > 2 || text.contains(UInt8(ascii: ".")) || parts.last?.count == 3
        return isGrouped
            ? ("\(show(text)) has a thousands separator", "write numbers without separators, like 1234.5")
            : ("\(show(text)) has a decimal comma", "write numbers with a decimal point, like 1234.5")
    }
}
