import Diagnostics

/// What the columns of a file mean, told from their names.
struct Schema {
    /// The meaning of one column. The raw values of the numbers index a row's buffer.
    enum Role: UInt8, CaseIterable {
        case open, high, low, close, adjustedClose, volume, time, symbol, ignored

        var isNumber: Bool { rawValue <= Role.volume.rawValue }

        var name: String {
            switch self {
            case .open: "open"
            case .high: "high"
            case .low: "low"
            case .close: "close"
            case .adjustedClose: "adjusted close"
            case .volume: "volume"
            case .time: "date"
            case .symbol: "symbol"
            case .ignored: "ignored"
            }
        }

        static let required: [Role] = [.time, .open, .high, .low, .close]
    }

    /// The most columns a file may have.
    static let maximumColumns = 256

    /// The roles in the order of the columns.
    private(set) var roles: [Role] = []
    /// The names as the file writes them, cut to 64 characters.
    private(set) var names: [String] = []

    /// Judges and appends one column. Throws `E_LEAK` for a name that says future, `E_SCHEMA` for a role given twice or
    /// too many columns.
    mutating func append(_ name: String, file: String?, row: Int) throws(MarketDataError) {
        let shown = String(name.prefix(64))
        let place = Place.row(file: file, row: row, column: shown)
        guard roles.count < Self.maximumColumns else {
            throw MarketDataError(.schema, "more than \(Self.maximumColumns) columns", place: place)
        }
        let role = Self.role(of: name)
        if role == .ignored, Self.saysFuture(name) {
            throw MarketDataError(
                .leak, "column \(shown.debugDescription) says by its name that it holds the future", place: place,
                hint: "remove the column; labels are computed from the bars by the job spec")
        }
        if role != .ignored, let other = roles.firstIndex(of: role) {
            throw MarketDataError(
                .schema, "columns \(names[other].debugDescription) and \(shown.debugDescription) both mean \(role.name)",
                place: place, hint: "keep one of them")
        }
        roles.append(role)
        names.append(shown)
    }

    /// The first column that every series needs and that is not there.
    var missing: Role? { Role.required.first { !roles.contains($0) } }

    /// Throws `E_SCHEMA` when a column that every series needs is missing.
    func checkComplete(file: String?, row: Int) throws(MarketDataError) {
        let missing = Role.required.filter { !roles.contains($0) }
        guard let first = missing.first else { return }
        throw MarketDataError(
            .schema, "no column means \(missing.map(\.name).joined(separator: ", ")); the columns are \(list)",
            place: .row(file: file, row: row, column: first.name),
            hint: "date, open, high, low and close are needed; symbol, adjusted close and volume are optional")
    }

    /// The names for a message, cut to a readable number.
    private var list: String {
        names.prefix(12).map(\.debugDescription).joined(separator: ", ") + (names.count > 12 ? ", ..." : "")
    }

    /// The role a name stands for; case, blanks and punctuation do not count.
    static func role(of name: String) -> Role {
        switch letters(of: name) {
        case "date", "time", "datetime", "timestamp", "day", "ts", "t", "opentime", "bartime": .time
        case "open", "o", "openprice", "priceopen": .open
        case "high", "h", "highprice", "pricehigh": .high
        case "low", "l", "lowprice", "pricelow": .low
        case "close", "c", "closeprice", "priceclose", "last", "closelast": .close
        case "adjclose", "adjustedclose", "closeadj", "closeadjusted", "adjcloseprice", "adj": .adjustedClose
        case "volume", "vol", "v": .volume
        case "symbol", "ticker", "instrument", "sym": .symbol
        default: .ignored
        }
    }

    /// Whether a name tells of something that is not known at the bar's time.
    static func saysFuture(_ name: String) -> Bool {
        let words: Set = [
            "label", "labels", "target", "targets", "future", "forward", "fwd", "next", "ahead", "tomorrow", "outcome", "lead",
            "lookahead", "y",
        ]
        if Self.words(of: name).contains(where: words.contains) { return true }
        let joined = letters(of: name)
        return ["label", "target", "future", "forward", "fwd", "next", "tomorrow", "lookahead"].contains(where: joined.hasPrefix)
    }

    private static func letters(of name: String) -> String {
        String(String.UnicodeScalarView(name.unicodeScalars.prefix(64).filter(isWordPart))).lowercased()
    }

    /// The words of a name: parts between punctuation and blanks, and parts that begin with a capital letter.
    private static func words(of name: String) -> [String] {
        var words: [String] = []
        var word = ""
        var previousIsLower = false
        for scalar in name.unicodeScalars.prefix(64) {
            let isUpper = ("A"..."Z").contains(scalar)
            if !isWordPart(scalar) || ("0"..."9").contains(scalar) || (isUpper && previousIsLower) {
                if !word.isEmpty { words.append(word.lowercased()) }
                word = ""
            }
            if isWordPart(scalar), !("0"..."9").contains(scalar) { word.unicodeScalars.append(scalar) }
            previousIsLower = ("a"..."z").contains(scalar)
        }
        if !word.isEmpty { words.append(word.lowercased()) }
        return words
    }

    private static func isWordPart(_ scalar: Unicode.Scalar) -> Bool {
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
    }
}
