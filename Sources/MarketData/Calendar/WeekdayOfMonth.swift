/// A day such as the third Friday of a month, written `3FRI`.
package struct WeekdayOfMonth: Sendable, Hashable, Codable, CustomStringConvertible {
    /// 1 to 4.
    package let week: Int
    /// 1 is Monday, 7 is Sunday.
    package let weekday: Int

    package static let names = ["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"]

    /// Reads `3FRI`; nil for a text that is no such day.
    package init?(_ text: String) {
        guard text.utf8.count == 4, let week = text.first?.wholeNumberValue, (1...4).contains(week),
            let place = Self.names.firstIndex(of: String(text.dropFirst()))
        else { return nil }
        self.week = week
        weekday = place + 1
    }

    package var description: String { "\(week)\(Self.names[weekday - 1])" }

    /// The day, counted from 1970, on which the month numbered `12 * year + month - 1` begins: on the anchor, or on its first.
    /// Nil for a month that no date has.
    static func begin(ofMonth ordinal: Int, _ anchor: WeekdayOfMonth?) -> Int? {
        guard let date = CivilDate(year: ordinal / 12, month: ordinal % 12 + 1, day: 1) else { return nil }
        let first = date.daysSince1970
        guard let anchor else { return first }
        return first + (anchor.weekday - date.weekday + 7) % 7 + 7 * (anchor.week - 1)
    }
}
