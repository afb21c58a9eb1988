import Foundation

extension Cursor {
    /// A point in time such as `2026-11-23T14:30:00Z`, in milliseconds since 1970. A day alone is its first moment, in UTC.
    func time() -> Int64? {
        let expected = "a time such as 2026-11-23T14:30:00Z"
        guard case .scalar(let text, _) = node.content, (10...30).contains(text.utf8.count) else {
            mismatch(expected)
            return nil
        }
        let whole = text.utf8.count == 10 ? text + "T00:00:00Z" : text
        guard let date = try? Date(whole, strategy: .iso8601), (0...253_402_300_799).contains(date.timeIntervalSince1970) else {
            mismatch(expected, hint: "give the date, the time and the zone, Z for UTC")
            return nil
        }
        return Int64(date.timeIntervalSince1970) * 1_000
    }
}
