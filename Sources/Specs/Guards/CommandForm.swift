/// The form of a command job: programs are given as lists of arguments, and nothing that changes how a program is loaded or
/// that holds a secret stands in the environment.
enum CommandForm {
    /// Reports `E_CMD_FORM` and `E_ENV_DENIED`.
    static func check(_ cursor: Cursor, _ commonKeys: [String]) {
        guard let map = cursor.map(commonKeys + ["command", "env"], what: "a command job") else { return }
        if let command = map.required("command", hint: "for example [python, train.py]") { checkCommand(command) }
        if let environment = map["env"]?.anyMap(what: "env") {
            for (name, value) in environment.items { checkVariable(name, value) }
        }
    }

    private static func checkCommand(_ cursor: Cursor) {
        guard case .list(let items) = cursor.node.content else {
            cursor.report("E_CMD_FORM", "a command is a list of arguments; no shell reads it", hint: "write [program, argument]")
            return
        }
        if items.isEmpty { cursor.report("E_CMD_FORM", "the command is empty", hint: "write [program, argument]") }
        for item in cursor.list(of: "arguments") ?? [] {
            guard case .scalar(let text, _) = item.node.content else {
                item.report("E_CMD_FORM", "an argument is a text, but found \(item.node.summary)")
                continue
            }
            if text.unicodeScalars.contains(where: { $0.value == 0 || $0 == "\n" || $0 == "\r" }) {
                item.report("E_CMD_FORM", "an argument has a NUL or a line break", hint: "pass it in a file")
            }
        }
    }

    private static let secretWords = ["PASSWORD", "PASSWD", "SECRET", "TOKEN", "API_KEY", "APIKEY", "PRIVATE_KEY", "CREDENTIAL"]

    private static func checkVariable(_ name: String, _ value: Cursor) {
        let upper = name.uppercased()
        let isName =
            !name.isEmpty && name.utf8.allSatisfy { $0 == UInt8(ascii: "_") || isAlphanumeric($0) } && !isDigit(name.utf8.first)
        guard isName else {
            value.report("E_ENV_DENIED", "\(SpecNode.shown(name)) is not the name of an environment variable")
            return
        }
        if upper == "PATH" || upper == "IFS" || upper.hasPrefix("LD_") || upper.hasPrefix("DYLD_")
            || upper.hasPrefix("BELLWETHER_")
        {
            value.report(
                "E_ENV_DENIED", "the variable \(name) changes how programs are found or loaded and cannot be set",
                hint: "remove it")
            return
        }
        if case .map = value.node.content {
            _ = value.map(["secretRef"], what: "a variable")?.required("secretRef")?.registryName("secret")
            return
        }
        if secretWords.contains(where: upper.contains) {
            value.report("E_ENV_DENIED", "the variable \(name) would put a secret into the spec", hint: "write {secretRef: NAME}")
            return
        }
        _ = value.string()
    }

    private static func isDigit(_ byte: UInt8?) -> Bool {
        byte.map { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ?? false
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
}
