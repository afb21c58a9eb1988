extension Cursor {
    /// A path below a folder, such as `plots/loss.csv`: what leads out of it is refused with `E_PATH_ESCAPE`.
    func relativePath(_ what: String) -> String? {
        guard let text = string("the name of \(what)") else { return nil }
        guard Self.isRelativePath(text) else {
            reportEscape(text, what)
            return nil
        }
        return text
    }

    func reportEscape(_ path: String, _ what: String) {
        report(
            "E_PATH_ESCAPE", "\(SpecNode.shown(path)) is not the name of \(what) below the working folder",
            hint: "write a relative path without .., such as train.py or plots/loss.csv")
    }

    /// Whether `path` stays below the folder that it starts from.
    static func isRelativePath(_ path: String) -> Bool {
        guard (1...255).contains(path.utf8.count), !path.hasPrefix("~"), !path.lowercased().hasPrefix("file:"),
            path.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F && $0 != "\\" })
        else { return false }
        return path.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." }
    }
}
