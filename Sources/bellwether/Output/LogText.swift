import Cluster
import Foundation

/// What programs wrote, as people read it: a title where another task or attempt goes on, and a note where something was left
/// out.
struct LogText {
    let showsTask: Bool
    private var ends: [String: Int64] = [:]
    private var last: String?
    private var isAtLineStart = true

    init(showsTask: Bool) { self.showsTask = showsTask }

    /// The text of the next part. The head has escaped what could move a cursor; it is done again, for it may be another head.
    mutating func shown(_ part: LogPart) -> String {
        let name = "task \(part.task), attempt \(Text.clean(part.attempt))"
        var text = ""
        if name != last, showsTask || last != nil { text += lineBreak + "--- \(name)\n" }
        let left = part.offset - (ends[name] ?? 0)
        if left > 0 { text += lineBreak + "... \(Text.bytes(left)) left out\n" }
        text += Self.clean(part.text)
        (last, ends[name]) = (name, part.offset + part.bytes)
        isAtLineStart = text.isEmpty ? isAtLineStart : text.hasSuffix("\n")
        return text
    }

    /// The part as one line of JSON.
    func json(_ part: LogPart) -> String { CanonicalJSON.encode(part) + "\n" }

    private var lineBreak: String { isAtLineStart ? "" : "\n" }

    private static func clean(_ text: String) -> String {
        text.split(separator: "\t", omittingEmptySubsequences: false).map { Text.clean(String($0), keepingLines: true) }
            .joined(separator: "\t")
    }
}
