import Foundation
import Registry

/// A file that a program finds in its working folder.
package struct CommandFile: Sendable, Hashable {
    /// A path below the working folder.
    package var name: String
    package var isExecutable: Bool
    package var content: Content

    package enum Content: Sendable, Hashable {
        /// Beside the spec on the user's machine. Whoever submits the spec turns it into `bytes`.
        case beside
        case bytes([UInt8])
        /// Stored with the head under that SHA-256, such as the output of another command.
        case artifact(String)
    }

    package init(name: String, isExecutable: Bool = false, content: Content) {
        (self.name, self.isExecutable, self.content) = (name, isExecutable, content)
    }

    package static let countLimit = 256
    /// Bytes that travel inside a spec, for all of its files together; larger ones are artifacts.
    package static let bytesLimit = 512 << 10
}

extension CommandFile {
    /// A list of names of files beside the spec, or a mapping of names to `{text}`, `{base64}` or `{sha256}`; an entry with none of
    /// these is beside the spec too.
    static func decodeAll(_ cursor: Cursor) -> [CommandFile]? {
        let files: [CommandFile?]
        if case .list = cursor.node.content {
            files = (cursor.list(of: "files") ?? []).map { item in
                item.relativePath("a file").map { CommandFile(name: $0, content: .beside) }
            }
        } else if let map = cursor.anyMap(what: "files") {
            files = map.items.map { name, value in
                guard Cursor.isRelativePath(name) else {
                    value.reportEscape(name, "a file")
                    return nil
                }
                return decode(name, value)
            }
        } else {
            return nil
        }
        guard !files.contains(where: { $0 == nil }) else { return nil }
        return checked(files.compactMap { $0 }, cursor)
    }

    private static func checked(_ files: [CommandFile], _ cursor: Cursor) -> [CommandFile]? {
        guard files.count <= countLimit else {
            cursor.report("E_SPEC_RANGE", "there are at most \(countLimit) files")
            return nil
        }
        guard Set(files.map(\.name)).count == files.count else {
            cursor.report("E_FILE_TWICE", "a file is named twice")
            return nil
        }
        guard files.reduce(0, { $0 + $1.size }) <= bytesLimit else {
            cursor.report(
                "E_FILE_SIZE", "the files of a spec have at most \(Quantity.bytes(Int64(bytesLimit))) together",
                hint: "store larger ones as artifacts and name them by sha256")
            return nil
        }
        return files.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    private static func decode(_ name: String, _ cursor: Cursor) -> CommandFile? {
        guard let map = cursor.map(["text", "base64", "sha256", "executable"], what: "a file") else { return nil }
        let executable = map["executable"].map { $0.bool() } ?? false
        let given = ["text", "base64", "sha256"].filter { map[$0] != nil }
        guard given.count <= 1, let executable else {
            if given.count > 1 { cursor.mismatch("one of text, base64 and sha256") }
            return nil
        }
        guard let kind = given.first, let value = map[kind] else {
            return CommandFile(name: name, isExecutable: executable, content: .beside)
        }
        guard let text = value.string() else { return nil }
        switch kind {
        case "text": return CommandFile(name: name, isExecutable: executable, content: .bytes(Array(text.utf8)))
        case "base64":
            guard let data = Data(base64Encoded: text) else {
                value.report("E_SPEC_TYPE", "the content of \(SpecNode.shown(name)) is not base64")
                return nil
            }
            return CommandFile(name: name, isExecutable: executable, content: .bytes([UInt8](data)))
        default:
            guard ContentHash.isWellFormed(text) else {
                value.report("E_SPEC_TYPE", "\(SpecNode.shown(text)) is not a SHA-256", hint: "64 lower-case hex digits")
                return nil
            }
            return CommandFile(name: name, isExecutable: executable, content: .artifact(text))
        }
    }

    /// Bytes that it takes in the spec.
    private var size: Int {
        if case .bytes(let bytes) = content { bytes.count } else { 0 }
    }

    var json: JSONValue {
        var members: [String: JSONValue] = isExecutable ? ["executable": .bool(true)] : [:]
        switch content {
        case .beside: break
        case .bytes(let bytes):
            if let text = Self.plainText(bytes) {
                members["text"] = .string(text)
            } else {
                members["base64"] = .string(Data(bytes).base64EncodedString())
            }
        case .artifact(let sha256): members["sha256"] = .string(sha256)
        }
        return .object(members)
    }

    /// The bytes as text when JSON and YAML hold it without loss.
    private static func plainText(_ bytes: [UInt8]) -> String? {
        guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
        let isPlain = text.unicodeScalars.allSatisfy { scalar in
            switch scalar.value {
            case 0x09, 0x0A, 0x20..<0x7F, 0xA1...0x061B, 0x061D..<0x2000, 0x2070..<0xFEFF, 0xFF00..<0xFFFE, 0x10000...: true
            default: false
            }
        }
        return isPlain ? text : nil
    }
}
