import Diagnostics
import Yams

/// Reads the text of one YAML document into a tree, refusing anything that could cost more than its size before a tree is built.
///
/// `YAMLGuard` admits a plain subset of YAML only: block and flow collections, plain and quoted scalars on one line,
/// comments. What passes goes through Yams, whose work and depth are then bounded.
enum YAMLDocument {
    /// The tree of `text`. Throws `E_SPEC_TOO_LARGE`, `E_YAML_ENCODING`, `E_SPEC_EMPTY`, `E_YAML_SYNTAX`, `E_YAML_MULTIDOC`,
    /// `E_YAML_DEPTH`, `E_YAML_ALIAS_BUDGET`, `E_YAML_ANCHOR_CYCLE`, `E_YAML_TAG` or `E_YAML_DUP_KEY`.
    static func parse(_ text: String, file: String?) throws(SpecError) -> SpecNode {
        var guardian = try YAMLGuard(text, file: file)
        try guardian.check()
        let root: Node?
        do {
            // The basic resolver leaves every scalar a string: types are up to the keys.
            root = try Parser(yaml: guardian.text, resolver: .basic, constructor: .default, encoding: .utf8).singleRoot()
        } catch let error as YamlError {
            throw translate(error, file: file)
        } catch {
            throw SpecError("E_YAML_SYNTAX", "the document cannot be read as YAML", place: .text(file: file, line: 1, column: 1))
        }
        guard let root else {
            throw SpecError("E_SPEC_EMPTY", "the spec is empty", place: .text(file: file, line: 1, column: 1))
        }
        return try convert(root, file: file)
    }

    private static func convert(_ node: Node, file: String?) throws(SpecError) -> SpecNode {
        let (line, column) = (node.mark?.line ?? 1, node.mark?.column ?? 1)
        switch node {
        case .scalar(let scalar):
            let quoted = scalar.style == .singleQuoted || scalar.style == .doubleQuoted
            return SpecNode(content: .scalar(scalar.string, quoted: quoted), line: line, column: column)
        case .sequence(let sequence):
            var items: [SpecNode] = []
            for item in sequence { items.append(try convert(item, file: file)) }
            return SpecNode(content: .list(items), line: line, column: column)
        case .mapping(let mapping):
            var entries: [SpecNode.Entry] = []
            for (key, value) in mapping {
                guard case .scalar(let name) = key else {
                    throw SpecError("E_YAML_SYNTAX", "a key must be a plain word", place: place(key, file))
                }
                entries.append(
                    .init(
                        key: name.string, line: name.mark?.line ?? line, column: name.mark?.column ?? column,
                        value: try convert(value, file: file)))
            }
            return SpecNode(content: .map(entries), line: line, column: column)
        case .alias:
            throw SpecError("E_YAML_ALIAS_BUDGET", "aliases are not allowed in a spec", place: place(node, file))
        }
    }

    private static func place(_ node: Node, _ file: String?) -> Place {
        .text(file: file, line: node.mark?.line ?? 1, column: node.mark?.column ?? 1)
    }

    private static func translate(_ error: YamlError, file: String?) -> SpecError {
        func failure(_ problem: String, _ mark: Mark, _ context: YamlError.Context?) -> SpecError {
            SpecError(
                "E_YAML_SYNTAX", (context.map { "\($0.text) " } ?? "") + problem,
                place: .text(file: file, line: max(1, mark.line), column: max(1, mark.column)))
        }
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            return failure(problem, mark, context)
        case .duplicatedKeysInMapping(let names, let context):
            return SpecError(
                "E_YAML_DUP_KEY", "the key \(SpecNode.shown(names.first ?? "")) is given twice",
                place: .text(file: file, line: max(1, context.mark.line), column: max(1, context.mark.column)),
                hint: "remove one of them")
        case .reader(let problem, _, _, _):
            return SpecError("E_YAML_ENCODING", problem, place: .text(file: file, line: 1, column: 1))
        default:
            return SpecError("E_YAML_SYNTAX", "the document cannot be read as YAML", place: .text(file: file, line: 1, column: 1))
        }
    }
}
