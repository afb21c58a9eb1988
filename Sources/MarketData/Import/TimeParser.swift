import Diagnostics

/// Reads the times of one file, which all have the form of the first.
struct TimeParser {
    /// The forms a time can have.
    private enum Form: Equatable {
        /// `1/4/1999`: month, day, year.
        case monthDayYear
        /// `1999-01-04`
        case isoDate
        /// `1999-01-04T09:30:00.123-05:00`; seconds, fraction and offset may be missing, the T may be a blank.
        case isoDateTime(hasOffset: Bool)
        /// `19990104`
        case compactDate
        case epoch(ImportOptions.TimeUnit)

        var name: String {
            switch self {
            case .monthDayYear: "M/D/YYYY"
            case .isoDate: "YYYY-MM-DD"
            case .isoDateTime(let hasOffset): "an ISO date-time \(hasOffset ? "with" : "without") an offset from UTC"
            case .compactDate: "YYYYMMDD"
            case .epoch(let unit): "\(unit.rawValue) since 1970"
            }
        }
    }

    private let unit: ImportOptions.TimeUnit?
    private let allowsMixedOffsets: Bool
    private let file: String?
    /// The column's name, for places.
    var column = Schema.Role.time.name
    private var form: Form?
    private var firstOffset: (minutes: Int, row: Int)?
    private var otherOffsets: [(minutes: Int, row: Int)] = []

    init(unit: ImportOptions.TimeUnit?, allowsMixedOffsets: Bool, file: String?) {
        self.unit = unit
        self.file = file
        self.allowsMixedOffsets = allowsMixedOffsets
    }

    /// The time in `text` in milliseconds since 1970 UTC, rounded down; text without an offset counts as UTC.
    ///
    /// Throws `E_TIME_FORMAT`, `E_TIME_UNIT`.
    mutating func parse(_ text: UnsafeBufferPointer<UInt8>, row: Int) throws(MarketDataError) -> Int64 {
        let (time, found, offset) = try read(text, row)
        if found != form {
            guard form == nil else {
                throw MarketDataError(
                    .timeFormat, "\(Cell.show(text)) is \(found.name), but the rows before are \(form?.name ?? "")",
                    place: place(row), hint: "write all times of a file in one form")
            }
            form = found
        }
        if let offset { note(offset, row) }
        guard BarRules.times.contains(time) else {
            throw MarketDataError(.timeFormat, "\(Cell.show(text)) is outside the years 1 to 9999", place: place(row))
        }
        return time
    }

    /// Throws `E_TIME_ZONE` when rows had different offsets and that is not allowed.
    func finish() throws(MarketDataError) {
        guard let firstOffset, let other = otherOffsets.first, !allowsMixedOffsets else { return }
        let rows = otherOffsets.map { "row \($0.row) has \(Self.show($0.minutes))" }.joined(separator: ", ")
        throw MarketDataError(
            .timeZone,
            "times have different offsets from UTC: row \(firstOffset.row) has \(Self.show(firstOffset.minutes)), \(rows)",
            place: .row(file: file, row: other.row, column: column),
            hint: "write all times in UTC, or allow mixed offsets when the clock changes in summer")
    }

    private func place(_ row: Int) -> Place { .row(file: file, row: row, column: column) }

    private mutating func note(_ minutes: Int, _ row: Int) {
        guard let first = firstOffset else {
            firstOffset = (minutes, row)
            return
        }
        if minutes != first.minutes, otherOffsets.count < 3 { otherOffsets.append((minutes, row)) }
    }

    private static func show(_ minutes: Int) -> String {
        let digits = { (value: Int) in value < 10 ? "0\(value)" : "\(value)" }
        return (minutes < 0 ? "-" : "+") + digits(abs(minutes) / 60) + ":" + digits(abs(minutes) % 60)
    }

    // MARK: Forms

    private func read(
        _ text: UnsafeBufferPointer<UInt8>, _ row: Int
    ) throws(MarketDataError) -> (Int64, Form, offset: Int?) {
        var scanner = Scanner(text: text)
        guard let (first, width) = scanner.number(upTo: 19) else { throw unreadable(text, row) }
        switch scanner.next {
        case nil:
            if width == 8, unit == nil, first > 0, let date = Self.compactDate(first) { return (date, .compactDate, nil) }
            return try epoch(first, text, row)
        case UInt8(ascii: "/"):
            guard width <= 2, scanner.skip("/"), let (day, dayWidth) = scanner.number(upTo: 2), dayWidth > 0, scanner.skip("/"),
                let (year, yearWidth) = scanner.number(upTo: 4), yearWidth == 4, scanner.next == nil
            else { throw unreadable(text, row) }
            guard let time = Self.midnight(year, first, day) else { throw noSuchDay(text, row, month: first) }
            return (time, .monthDayYear, nil)
        case UInt8(ascii: "-"):
            guard width == 4, scanner.skip("-"), let (month, monthWidth) = scanner.number(upTo: 2), monthWidth == 2,
                scanner.skip("-"), let (day, dayWidth) = scanner.number(upTo: 2), dayWidth == 2
            else { throw unreadable(text, row) }
            guard let date = Self.midnight(first, month, day) else { throw noSuchDay(text, row, month: month) }
            if scanner.next == nil { return (date, .isoDate, nil) }
            guard scanner.skip("T") || scanner.skip("t") || scanner.skip(" "), let ofDay = Self.timeOfDay(&scanner),
                let offset = Self.offset(&scanner)
            else { throw unreadable(text, row) }
            let time = date + ofDay - Int64(offset.minutes ?? 0) * 60_000
            return (time, .isoDateTime(hasOffset: offset.minutes != nil), offset.minutes)
        default: throw unreadable(text, row)
        }
    }

    private static func midnight(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64? {
        let (y, m, d) = (Int(year), Int(month), Int(day))
        guard y >= 1, y <= 9999, m >= 1, m <= 12, d >= 1, d <= CivilDate.daysInMonth(m, leap: CivilDate.isLeap(y)) else {
            return nil
        }
        return Int64(CivilDate.days(year: y, month: m, day: d)) * ISOTime.millisecondsPerDay
    }

    private static func compactDate(_ digits: Int64) -> Int64? {
        guard (1800...2200).contains(digits / 10_000) else { return nil }
        return midnight(digits / 10_000, digits / 100 % 100, digits % 100)
    }

    /// `HH:MM`, `HH:MM:SS` or with a fraction, in milliseconds.
    private static func timeOfDay(_ scanner: inout Scanner) -> Int64? {
        guard let (hour, hourWidth) = scanner.number(upTo: 2), hourWidth == 2, hour < 24, scanner.skip(":"),
            let (minute, minuteWidth) = scanner.number(upTo: 2), minuteWidth == 2, minute < 60
        else { return nil }
        var time = hour * 3_600_000 + minute * 60_000
        guard scanner.skip(":") else { return time }
        guard let (second, secondWidth) = scanner.number(upTo: 2), secondWidth == 2, second < 60 else { return nil }
        time += second * 1000
        guard scanner.skip(".") else { return time }
        guard let (fraction, width) = scanner.number(upTo: 9), fraction >= 0 else { return nil }
        var nanoseconds = fraction
        for _ in width..<9 { nanoseconds *= 10 }
        return time + nanoseconds / 1_000_000
    }

    /// `Z`, `+05:30`, `-0500`, `+01` or nothing; nil when it is something else.
    private static func offset(_ scanner: inout Scanner) -> (minutes: Int?, Void)? {
        guard let sign = scanner.next else { return (nil, ()) }
        if scanner.skip("Z") || scanner.skip("z") { return scanner.next == nil ? (0, ()) : nil }
        guard scanner.skip("+") || scanner.skip("-"), let (hour, hourWidth) = scanner.number(upTo: 2), hourWidth == 2,
            hour <= 15
        else { return nil }
        var minutes = Int(hour) * 60
        if scanner.next != nil {
            _ = scanner.skip(":")
            guard let (minute, width) = scanner.number(upTo: 2), width == 2, minute < 60, scanner.next == nil else { return nil }
            minutes += Int(minute)
        }
        return (sign == UInt8(ascii: "-") ? -minutes : minutes, ())
    }

    private func unreadable(_ text: UnsafeBufferPointer<UInt8>, _ row: Int) -> MarketDataError {
        let place = place(row)
        if let ending = Cell.lineEndingError(text, place) { return ending }
        return MarketDataError(
            .timeFormat, "\(Cell.show(text)) is not a time", place: place,
            hint: "M/D/YYYY, YYYY-MM-DD, an ISO date-time, YYYYMMDD or an integer since 1970")
    }

    private func noSuchDay(_ text: UnsafeBufferPointer<UInt8>, _ row: Int, month: Int64) -> MarketDataError {
        MarketDataError(
            .timeFormat, "\(Cell.show(text)) is not a day of the calendar", place: place(row),
            hint: month > 12 && month < 32 ? "is the day before the month? dates with slashes are M/D/YYYY" : nil)
    }

    // MARK: Integers

    /// Seconds since 1970 at the start of the years 1980 and 2101, between which a number's size tells its unit.
    private static let plausible: Range<Int64> = 315_532_800..<4_133_980_800

    private func epoch(
        _ value: Int64, _ text: UnsafeBufferPointer<UInt8>, _ row: Int
    ) throws(MarketDataError) -> (Int64, Form, offset: Int?) {
        if let unit {
            guard let time = Self.milliseconds(value, unit) else {
                throw MarketDataError(
                    .timeUnit, "\(Cell.show(text)) \(unit.rawValue) is outside the years 1 to 9999", place: place(row))
            }
            return (time, .epoch(unit), nil)
        }
        let found = ImportOptions.TimeUnit.allCases.first { Self.plausible.contains(value / Self.perSecond($0)) && value > 0 }
        guard let found, let time = Self.milliseconds(value, found) else {
            throw MarketDataError(
                .timeUnit,
                "\(Cell.show(text)) cannot be told to be seconds, milliseconds, microseconds or nanoseconds since 1970",
                place: place(row), hint: "units are told apart for the years 1980 to 2100 only; name the time unit")
        }
        if case .epoch(let before) = form, before != found {
            throw MarketDataError(
                .timeUnit, "\(Cell.show(text)) looks like \(found.rawValue), but the rows before are \(before.rawValue)",
                place: place(row), hint: "write all times of a file in one unit, or name the time unit")
        }
        return (time, .epoch(found), nil)
    }

    private static func perSecond(_ unit: ImportOptions.TimeUnit) -> Int64 {
        switch unit {
        case .seconds: 1
        case .milliseconds: 1000
        case .microseconds: 1_000_000
        case .nanoseconds: 1_000_000_000
        }
    }

    private static func milliseconds(_ value: Int64, _ unit: ImportOptions.TimeUnit) -> Int64? {
        let time: Int64
        switch unit {
        case .seconds:
            let (product, overflow) = value.multipliedReportingOverflow(by: 1000)
            if overflow { return nil }
            time = product
        case .milliseconds: time = value
        case .microseconds: time = flooredQuotient(value, 1000)
        case .nanoseconds: time = flooredQuotient(value, 1_000_000)
        }
        return BarRules.times.contains(time) ? time : nil
    }

    private static func flooredQuotient(_ value: Int64, _ divisor: Int64) -> Int64 {
        value / divisor - (value % divisor < 0 ? 1 : 0)
    }
}

extension TimeParser {
    /// A position in a time's text.
    private struct Scanner {
        let text: UnsafeBufferPointer<UInt8>
        private var index = 0

        init(text: UnsafeBufferPointer<UInt8>) { self.text = text }

        var next: UInt8? { index < text.count ? text[index] : nil }

        /// One to `width` digits, after a minus when there is room for 19 digits; the value and how many digits.
        mutating func number(upTo width: Int) -> (value: Int64, width: Int)? {
            var isNegative = false
            if width == 19, next == UInt8(ascii: "-") {
                isNegative = true
                index += 1
            }
            let start = index
            var value: Int64 = 0
            while index < text.count, index - start < width, text[index] &- 0x30 < 10 {
                let (product, overflow) = value.multipliedReportingOverflow(by: 10)
                let (sum, carry) = product.addingReportingOverflow(Int64(text[index] &- 0x30))
                if overflow || carry { return nil }
                value = sum
                index += 1
            }
            guard index > start else { return nil }
            return (isNegative ? -value : value, index - start)
        }

        mutating func skip(_ character: Unicode.Scalar) -> Bool {
            guard next == UInt8(ascii: character) else { return false }
            index += 1
            return true
        }
    }
}
