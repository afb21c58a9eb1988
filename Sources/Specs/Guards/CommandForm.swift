/// The form of a program: a list of arguments that no shell reads, and an environment in which nothing changes how a program
/// is loaded and nothing holds a secret.
enum CommandForm {
    /// The program and its arguments. Reports `E_CMD_FORM`.
    static func arguments(_ cursor: Cursor) -> [String]? {
        guard case .list(let items) = cursor.node.content else {
            cursor.report("E_CMD_FORM", "a command is a list of arguments; no shell reads it", hint: "write [program, argument]")
            return nil
        }
        guard (1...CommandProgram.argumentLimit).contains(items.count) else {
            cursor.report(
                "E_CMD_FORM",
                items.isEmpty ? "the command is empty" : "a command has at most \(CommandProgram.argumentLimit) arguments",
                hint: "write [program, argument]")
            return nil
        }
        let arguments = (cursor.list(of: "arguments") ?? []).map(argument)
        guard !arguments.contains(nil) else { return nil }
        guard arguments.first??.isEmpty == false else {
            cursor.report("E_CMD_FORM", "the program has no name", hint: "write [program, argument]")
            return nil
        }
        return arguments.compactMap { $0 }
    }

    private static func argument(_ item: Cursor) -> String? {
        guard case .scalar(let text, _) = item.node.content else {
            item.report("E_CMD_FORM", "an argument is a text, but found \(item.node.summary)")
            return nil
        }
        guard !text.unicodeScalars.contains(where: { $0.value == 0 || $0 == "\n" || $0 == "\r" }) else {
            item.report("E_CMD_FORM", "an argument has a NUL or a line break", hint: "pass it in a file")
            return nil
        }
        return text
    }

    /// Variables by name. Reports `E_ENV_DENIED`.
    static func environment(_ cursor: Cursor) -> [String: String]? {
        guard let map = cursor.anyMap(what: "environment") else { return nil }
        var variables: [String: String] = [:]
        for (name, value) in map.items { variables[name] = variable(name, value) }
        return variables.count == map.entries.count ? variables : nil
    }

    private static let secretWords = ["PASSWORD", "PASSWD", "SECRET", "TOKEN", "API_KEY", "APIKEY", "PRIVATE_KEY", "CREDENTIAL"]

    private static func variable(_ name: String, _ value: Cursor) -> String? {
        let upper = name.uppercased()
        let isName =
            !name.isEmpty && name.utf8.allSatisfy { $0 == UInt8(ascii: "_") || isAlphanumeric($0) } && !isDigit(name.utf8.first)
        guard isName else {
            value.report("E_ENV_DENIED", "\(SpecNode.shown(name)) is not the name of an environment variable")
            return nil
        }
        if upper == "PATH" || upper == "IFS" || upper.hasPrefix("LD_") || upper.hasPrefix("DYLD_")
            || upper.hasPrefix("BELLWETHER_")
        {
            value.report(
                "E_ENV_DENIED", "the variable \(name) changes how programs are found or loaded and cannot be set",
                hint: "remove it")
            return nil
        }
        if secretWords.contains(where: upper.contains) {
            value.report(
                "E_ENV_DENIED", "the variable \(name) would put a secret into the spec",
                hint: "keep it in a file that the worker's user can read")
            return nil
        }
        guard let text = value.string() else { return nil }
        guard !text.unicodeScalars.contains(where: { $0.value == 0 }) else {
            value.report("E_ENV_DENIED", "the variable \(name) has a NUL")
            return nil
        }
        return text
    }

    private static func isDigit(_ byte: UInt8?) -> Bool {
        byte.map { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ?? false
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
}
