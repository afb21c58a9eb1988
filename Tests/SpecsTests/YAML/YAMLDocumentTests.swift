import Diagnostics
import Specs
import Testing

/// Bad input 1 to 11: what a YAML text may not be.
@Suite struct YAMLDocumentTests {
    private let head = "job: drill\nname: d\ntasks: 1\n"

    @Test func `1: aliases that multiply are refused before anything is built`() {
        var text = "a: &a [x, x, x, x, x, x, x, x, x]\n"
        for (name, previous) in zip("bcdefghij", "abcdefghi") {
            text += "\(name): &\(name) [\(Array(repeating: "*\(previous)", count: 9).joined(separator: ", "))]\n"
        }
        SpecSamples.expect(text, "E_YAML_ALIAS_BUDGET", at: 1, 4)
        SpecSamples.expect(head + "labels: {a: *x}", "E_YAML_ALIAS_BUDGET", at: 4, 13)
        SpecSamples.expect(head + "labels:\n  - *x\n", "E_YAML_ALIAS_BUDGET", at: 5, 5)
        SpecSamples.expect("*x : 1", "E_YAML_ALIAS_BUDGET", at: 1, 1)
    }

    @Test func `2: merge keys are refused`() {
        SpecSamples.expect("a: {k: 1}\nb:\n  <<: {a: 1}\n", "E_YAML_ALIAS_BUDGET", at: 3, 3, mentions: ["merge"])
        SpecSamples.expect("a: {<<: {b: 1}}", "E_YAML_ALIAS_BUDGET", at: 1, 5)
        SpecSamples.expect("a: {\"<<\": {b: 1}}", "E_YAML_ALIAS_BUDGET", at: 1, 5)
    }

    @Test func `3: an anchor that refers to itself is named as such`() {
        SpecSamples.expect("&a [*a]", "E_YAML_ANCHOR_CYCLE", at: 1, 1)
        SpecSamples.expect("&a ! *a]:", "E_YAML_ANCHOR_CYCLE", at: 1, 1)
        SpecSamples.expect("a: &x\n  b: 1\n  c: *x\n", "E_YAML_ANCHOR_CYCLE", at: 1, 4)
        SpecSamples.expect("a: &x\n  b: 1\nc: *x\n", "E_YAML_ALIAS_BUDGET", at: 1, 4)
        SpecSamples.expect("a: &x [*xy]", "E_YAML_ALIAS_BUDGET", at: 1, 4)
    }

    @Test(arguments: ["[", "{a: ", "- ", "[{a: "])
    func `4: a hundred thousand levels are refused by their depth`(opening: String) {
        let text = String(repeating: opening, count: 100_000)
        let errors = SpecSamples.errors(text)
        #expect(errors.map(\.code) == ["E_YAML_DEPTH"])
        #expect(errors.first?.place != nil)
    }

    @Test func `4: so are levels by indentation, and sixty-four are enough for anyone`() {
        let deep = (0..<1_000).map { String(repeating: " ", count: $0) + "k:\n" }.joined()
        SpecSamples.expect(deep, "E_YAML_DEPTH", at: 65, 65)
        let allowed = "labels: {a: " + String(repeating: "[", count: 62) + String(repeating: "]", count: 62) + "}"
        #expect(SpecSamples.errors(head + allowed).map(\.code) == ["E_SPEC_TYPE"])
        let tooDeep = "labels: {a: " + String(repeating: "[", count: 63) + String(repeating: "]", count: 63) + "}"
        #expect(SpecSamples.errors(head + tooDeep).map(\.code) == ["E_YAML_DEPTH"])
    }

    @Test func `5: five mebibytes are too large, whatever is in them`() {
        let errors = SpecSamples.errors(head + String(repeating: "# comment\n", count: 524_288))
        #expect(errors.map(\.code) == ["E_SPEC_TOO_LARGE"])
        #expect(errors.first?.message.contains("1048576") == true)
        #expect(throws: SpecErrors.self) { try JobSpec.parse(bytes: [UInt8](repeating: 0x20, count: 5 << 20)) }
    }

    @Test func `6: a key given twice is named with both lines`() {
        SpecSamples.expect("job: drill\nseed: 1\nname: d\nseed: 2\n", "E_YAML_DUP_KEY", at: 4, 1, mentions: ["line 2", "line 4"])
        SpecSamples.expect("a:\n  - x: 1\n    y: 2\n    x: 3\n", "E_YAML_DUP_KEY", at: 4, 5, mentions: ["line 2"])
        SpecSamples.expect("a: {x: 1, y: {x: 2}, x: 3}", "E_YAML_DUP_KEY", at: 1, 22)
        SpecSamples.expect("a: 1\n\"a\": 2\n", "E_YAML_DUP_KEY", at: 2, 1)
        // Escapes make two spellings of one key; the YAML library sees it.
        #expect(SpecSamples.errors("ab: 1\n\"\\x61b\": 2\n").map(\.code) == ["E_YAML_DUP_KEY"])
    }

    @Test func `6: the same key in two items of a list is fine`() {
        let errors = SpecSamples.errors(head + "labels:\n  - x: 1\n  - x: 2\n")
        #expect(errors.map(\.code) == ["E_SPEC_TYPE"])
    }

    @Test func `7: a tab as indentation is a mistake with its line and column`() {
        SpecSamples.expect("job: drill\nlabels:\n\ta: b\n", "E_YAML_SYNTAX", at: 3, 1, mentions: ["tab"])
        SpecSamples.expect("job: drill\nlabels:\n  \ta: b\n", "E_YAML_SYNTAX", at: 3, 1)
        #expect(SpecSamples.errors("job:\tdrill\t# a tab\nname: d # \tcomment\ntasks: 1\n").isEmpty)
    }

    @Test func `8: a second document is refused`() {
        SpecSamples.expect(head + "---\njob: drill\n", "E_YAML_MULTIDOC", at: 4, 1)
        SpecSamples.expect("---\n---\n" + head, "E_YAML_MULTIDOC", at: 2, 1)
        SpecSamples.expect(head + "...\njob: drill\n", "E_YAML_MULTIDOC", at: 5, 1)
        #expect(SpecSamples.errors("# c\n---\n" + head + "...\n").isEmpty)
    }

    @Test(arguments: ["", "\n\n", "# only\n  # comments\n", "---\n", "---\n...\n", "   ", "\u{FEFF}"])
    func `9: an empty spec is named as such`(text: String) { SpecSamples.expect(text, "E_SPEC_EMPTY", at: 1, 1) }

    @Test(arguments: [
        ("job: a\u{0}b", 7), ("job: a\u{202E}b", 7), ("job: a\u{2066}b", 7), ("job: a\u{7}b", 7), ("job: a\u{85}b", 7),
        ("job: a\u{2028}b", 7),
        ("job: a\u{FEFF}b", 7), ("job: äö\rb", 8),
    ])
    func `10: characters that hide or turn text are refused`(text: String, column: Int) {
        SpecSamples.expect("name: x\n" + text, "E_YAML_ENCODING", at: 2, column)
    }

    @Test func `10: bytes that are not UTF-8 are refused where they are`() {
        func error(_ bytes: [UInt8]) -> SpecError? {
            do {
                _ = try JobSpec.parse(bytes: bytes, file: "job.yaml")
                return nil
            } catch { return error.errors.first }
        }
        let bad = error(Array("job: x\nname: ".utf8) + [0xC3, 0x28])
        #expect(bad?.code == "E_YAML_ENCODING")
        #expect(bad?.place == .text(file: "job.yaml", line: 2, column: 7))
        #expect(error([0xFF, 0xFE, 0x6A, 0x00])?.code == "E_YAML_ENCODING")
        #expect(error([0xFE, 0xFF, 0x00, 0x6A])?.message.contains("UTF-16") == true)
        #expect(error(Array(head.utf8)) == nil)
        #expect(error([0xEF, 0xBB, 0xBF] + Array(head.utf8)) == nil)
        #expect(error(Array(head.replacing("\n", with: "\r\n").utf8)) == nil)
    }

    @Test(arguments: ["!!python/object:os.system", "!<tag:yaml.org,2002:str> x", "!local x", "!"])
    func `11: tags are refused`(tag: String) {
        SpecSamples.expect("job: drill\nname: \(tag)\n", "E_YAML_TAG", at: 2, 7)
        SpecSamples.expect("job: drill\nname: [\(tag)]\n", "E_YAML_TAG", at: 2, 8)
    }

    @Test(arguments: [
        ("a: |\n  text", 1, 4), ("a: >-\n  text", 1, 4), ("a: 'x\n  y'", 1, 4), ("a: \"x\n  y\"", 1, 4), ("a: x\n  y", 2, 3),
        ("a: [x\n  y]", 2, 3),
        ("? a\n: b", 1, 1), ("[a]: b", 1, 4), ("{a: b}: c", 1, 7), ("a: b: c", 1, 5), ("%YAML 1.2\n---\na: b", 1, 1),
        ("a: 'x' y", 1, 8),
        ("a: [x, 'y' z]", 1, 12), ("a: [x'y]", 1, 6), ("a: @x", 1, 4), ("a: `x", 1, 4), ("a: - b", 1, 4), ("just text", 1, 1),
        ("a: [b: c]", 1, 6),
        ("a: [1, 2", 1, 4), ("a: 1]\nb: ]", 2, 4), ("a: [1}", 1, 6), ("a: [1] x", 1, 8), ("a: {: x}", 1, 5), ("a: [,]", 1, 5),
        ("--- a: b", 1, 5),
        ("a: [\n...\n]", 2, 4), ("a: x\n  [y]", 2, 3),
    ])
    func `what the subset leaves out is refused where it stands`(text: String, line: Int, column: Int) {
        SpecSamples.expect(text, "E_YAML_SYNTAX", at: line, column)
    }

    /// In each of these the YAML library sees an alias, an anchor or a tag that a scan line by line could take for quoted text:
    /// what came before it goes on over the end of a line.
    @Test(arguments: [
        "k: ['foo\n , ' , *b\n ]", "{a: x,b c\n \",&a b\" }", "{a: x\n \"x,!t b \"\n}\nk2: b\n", "[foo\n 'x, *b ]'\n]",
    ])
    func `nothing hides behind text that goes on over the end of a line`(text: String) {
        #expect(SpecSamples.errors(text).map(\.code) == ["E_YAML_SYNTAX"])
    }

    @Test func `indentation that does not fit is found by the YAML library`() {
        let errors = SpecSamples.errors("a:\n    b: 1\n  c: 2\n")
        #expect(errors.map(\.code) == ["E_YAML_SYNTAX"])
        #expect(errors.first?.place != nil)
    }

    @Test func `signs inside quotes and words are text`() {
        let text =
            head + """
                labels:
                  a: "* & ! | > ' # [ ] { } , : ? - % @ ` <<"
                  b: 'it''s *not* an alias, &nor an anchor'  # nor *this*
                  "c d": a*b&c!d|e  # [
                  e: "x # y" # z "
                  f: don't
                  g: http://example.com/a:b#c
                  h: "0 */6 * * *"
                  i: 0 */6 * * *
                  j: "\\" *x [ \\\\"
                  k: [

                """
        let spec = try? JobSpec.parse(text: text.split(separator: "\n").dropLast().joined(separator: "\n"))
        #expect(spec?.labels["a"] == "* & ! | > ' # [ ] { } , : ? - % @ ` <<")
        #expect(spec?.labels["b"] == "it's *not* an alias, &nor an anchor")
        #expect(spec?.labels["c d"] == "a*b&c!d|e")
        #expect(spec?.labels["e"] == "x # y")
        #expect(spec?.labels["f"] == "don't")
        #expect(spec?.labels["g"] == "http://example.com/a:b#c")
        #expect(spec?.labels["h"] == "0 */6 * * *")
        #expect(spec?.labels["i"] == "0 */6 * * *")
        #expect(spec?.labels["j"] == "\" *x [ \\")
    }

    @Test func `collections can be written in every usual way`() throws {
        let texts = [
            "job: drill\nname: d\ntasks: 1\nwork:\n  kind: fail\n  share: 0.5\n",
            "{job: drill, name: d, tasks: 1, work: {kind: fail, share: 0.5}}",
            "{\"job\":\"drill\",\"name\":\"d\",\"tasks\":1,\"work\":{\"kind\":\"fail\",\"share\":0.5}}",
            "job: drill\nname: d\ntasks: 1\nwork: {\n  kind: fail,   # a comment\n  share: 0.5,\n}\n",
            "job: drill\nname: d\ntasks: 1\nwork:\n  {kind: fail,\nshare: 0.5}\n",
            "---\njob:  drill\n\nname: 'd'\ntasks: 1\nwork: {\"kind\": fail, 'share': 0.5}",
        ]
        let specs = try texts.map { try JobSpec.parse(text: $0) }
        #expect(Set(specs).count == 1)
        #expect(specs[0].body == .drill(DrillSpec(tasks: 1, work: .fail(share: 0.5, attempts: 1))))
    }

    @Test func `lists under their key may be indented or not`() throws {
        let indented = SpecSamples.study("features: [return_1, rsi_14]", "features:\n    - return_1\n    - rsi_14")
        let flush = SpecSamples.study("features: [return_1, rsi_14]", "features:\n  - return_1\n  - rsi_14")
        let usual = try JobSpec.parse(text: SpecSamples.study)
        #expect(try JobSpec.parse(text: indented) == usual)
        #expect(try JobSpec.parse(text: flush) == usual)
    }

    @Test func `texts damaged at random are parsed or refused, never more`() {
        var state: UInt64 = 0x9E37_79B9
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(bound))
        }
        let pieces = [
            "[", "]", "{", "}", ":", ": ", ",", "- ", "\n", "  ", "'", "\"", "#", " #", "*a", "&a ", "!", "|", "\\", "?", "---\n",
            "\t", "9", "e", ".", "~",
        ]
        let samples = [SpecSamples.study, SpecSamples.drill]
        var refused = 0
        for round in 0..<1_500 {
            var bytes = Array(samples[round % 2].utf8)
            for _ in 0...random(4) {
                let position = random(bytes.count)
                switch random(3) {
                case 0: bytes.remove(at: position)
                case 1: bytes.insert(contentsOf: Array(pieces[random(pieces.count)].utf8), at: position)
                default: bytes.replaceSubrange(position..<min(bytes.count, position + random(20)), with: [])
                }
                if bytes.isEmpty { bytes = [0x0A] }
            }
            let errors = SpecSamples.errors(String(decoding: bytes, as: UTF8.self))
            refused += errors.isEmpty ? 0 : 1
            #expect(
                errors.allSatisfy { $0.code.hasPrefix("E_") && !$0.message.isEmpty && ($0.place != nil || !$0.pointer.isEmpty) })
        }
        #expect(refused > 500)
    }
}
