/// A piece of what an attempt wrote, made fit to be shown. A piece that begins after the end of the one before it stands after
/// something that was left out.
package struct LogPart: Codable, Sendable, Hashable {
    package var task: Int32
    /// `TERM.NUMBER`.
    package var attempt: String
    /// Where it begins in all that the attempt wrote, and how many bytes of that it is.
    package var offset: Int64
    package var bytes: Int64
    package var text: String

    package init(task: Int32, attempt: String, offset: Int64, bytes: Int64, text: String) {
        (self.task, self.attempt, self.offset, self.bytes, self.text) = (task, attempt, offset, bytes, text)
    }
}

/// What the attempts of a job wrote, in order of task and attempt; `next` goes into `after` for the page after it.
package struct LogsPage: Codable, Sendable, Hashable {
    package var parts: [LogPart]
    package var next: Int32?
    package init(parts: [LogPart], next: Int32?) { (self.parts, self.next) = (parts, next) }
}

/// A file that a command left for keeping; its bytes are the artifact of that name.
package struct OutputFileView: Codable, Sendable, Hashable {
    package var name: String
    package var sha256: String
    package var bytes: Int64
    package init(name: String, sha256: String, bytes: Int64) { (self.name, self.sha256, self.bytes) = (name, sha256, bytes) }
}
