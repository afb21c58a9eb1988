import Diagnostics
import MarketData
import Scheduling
import Specs
import Testing

/// Bad input 12 to 26: what a spec may not say.
@Suite struct BadSpecTests {
    @Test(arguments: [
        ("trials: 20", "trials: NO", "NO, which some YAML readers take as false"),
        ("trials: 20", "trials: 012", "the octal number 10"),
        ("trials: 20", "trials: 1e3", "the number 1000.0"),
        ("trials: 20", "trials: 1_000", "the number 1000"),
        ("trials: 20", "trials: 12:30:45", "the base-60 number 45045"),
        ("trials: 20", "trials: 20.0", "write 20"),
        ("trials: 20", "trials: 0x10", "the number 16"),
        ("trials: 20", "trials: +20", "a plus sign"),
        ("trials: 20", "trials: '20'", "remove the quotes"),
        ("trials: 20", "trials: twenty", "the text \"twenty\""),
        ("trials: 20", "trials: ~", "found nothing"),
        ("trials: 20", "trials: 2024-01-02", "a date"),
        ("trials: 20", "trials: 2^63", "the text \"2^63\""),
        ("trials: 20", "trials: [1]", "found a list"),
        ("trials: 20", "trials: {a: 1}", "found a mapping"),
    ])
    func `12: a value of the wrong type is shown as it was read`(piece: String, replacement: String, mention: String) {
        SpecSamples.expect(
            SpecSamples.study(piece, replacement), "E_SPEC_TYPE", at: 10, 32, key: "/search/trials",
            mentions: [mention, "a whole number from 1 to 1000000"])
    }

    @Test(arguments: ["NO", "yes", "off", "true", "012", "1e3", "1_000", "12:30:45", "~", "null", "2024-01-02", "1.5", ".inf"])
    func `12: a name that reads as something else must be quoted`(word: String) throws {
        SpecSamples.expect(SpecSamples.study("name: small", "name: \(word)"), "E_SPEC_TYPE", at: 2, 7, key: "/name")
        guard word != "12:30:45", word != "~", word != ".inf" else { return }
        #expect(try JobSpec.parse(text: SpecSamples.study("name: small", "name: '\(word)'")).name == word)
    }

    @Test func `12: a number with an exponent is fine where any number is`() throws {
        #expect(
            try JobSpec.parse(text: SpecSamples.study("0.001, 100.0", "1e-3, 1.0e2")) == JobSpec.parse(text: SpecSamples.study))
    }

    @Test func `13: an unknown key is named with the one that was meant`() {
        SpecSamples.expect(
            SpecSamples.study("kind: ridge,", "kind: ridge, l_2: 1,"), "E_SPEC_UNKNOWN_KEY", at: 7, 24,
            key: "/strategy/model/l_2",
            mentions: ["known keys are kind, l2"])
        SpecSamples.expect(
            SpecSamples.study + "\nprioritty: 3", "E_SPEC_UNKNOWN_KEY", at: 12, 1, key: "/prioritty",
            mentions: ["did you mean priority?"])
        SpecSamples.expect(
            SpecSamples.study("sampler: tpe", "sampler: tpe, paralellTrials: 3"), "E_SPEC_UNKNOWN_KEY", at: 10, 24,
            key: "/search/paralellTrials", mentions: ["did you mean parallelTrials?"])
        SpecSamples.expect(
            SpecSamples.study("kind: sign", "kind: sign, sise: 1"), "E_SPEC_UNKNOWN_KEY", at: 8, 26,
            key: "/strategy/position/sise",
            mentions: ["did you mean size?"])
        SpecSamples.expect(SpecSamples.study + "\na/b~c: 1", "E_SPEC_UNKNOWN_KEY", at: 12, 1, key: "/a~1b~0c")
    }

    @Test(arguments: [
        ("dataset: spx-daily\n", "/dataset"), ("name: small\n", "/name"), ("objective: {maximize: sharpe}", "/objective"),
        ("search: {sampler: tpe, trials: 20, seed: 3}\n", "/search"), ("walkForward: {train: 500, test: 63}\n", "/walkForward"),
    ])
    func `14: a missing key is named by its pointer`(piece: String, key: String) {
        SpecSamples.expect(SpecSamples.study(piece, ""), "E_SPEC_MISSING", at: 1, 1, key: key)
    }

    @Test func `14: keys below others are required too`() {
        SpecSamples.expect(SpecSamples.study("kind: ridge, ", ""), "E_SPEC_MISSING", at: 7, 10, key: "/strategy/model/kind")
        SpecSamples.expect(SpecSamples.study("trials: 20, ", ""), "E_SPEC_MISSING", at: 10, 9, key: "/search/trials")
        SpecSamples.expect(SpecSamples.study("train: 500, ", ""), "E_SPEC_MISSING", at: 9, 14, key: "/walkForward/train")
    }

    @Test(arguments: [
        "-1", "0", "1e12", "NaN", ".nan", "9223372036854775808", "1000001", "-.inf", "99999999999999999999999999999999",
    ])
    func `15: a number of trials outside the limits is refused with the limits`(value: String) {
        SpecSamples.expect(
            SpecSamples.study("trials: 20", "trials: \(value)"), "E_SPEC_RANGE", at: 10, 32, key: "/search/trials",
            mentions: ["from 1 to 1000000"])
    }

    @Test func `15: other numbers have limits too`() {
        SpecSamples.expect(SpecSamples.study + "\npriority: 100000", "E_SPEC_RANGE", at: 12, 11, key: "/priority")
        SpecSamples.expect(SpecSamples.study + "\ntimeout: 0s", "E_SPEC_RANGE", at: 12, 10, key: "/timeout")
        SpecSamples.expect(SpecSamples.study + "\ntimeout: 30", "E_SPEC_TYPE", at: 12, 10, key: "/timeout", mentions: ["30s"])
        SpecSamples.expect(SpecSamples.study + "\ntimeout: 9223372036854775807d", "E_SPEC_TYPE", at: 12, 10, key: "/timeout")
        SpecSamples.expect(
            SpecSamples.study + "\nresources: {memory: 1KiB}", "E_SPEC_RANGE", at: 12, 21, key: "/resources/memory")
        SpecSamples.expect(SpecSamples.study + "\nresources: {cpu: -1}", "E_SPEC_RANGE", at: 12, 18, key: "/resources/cpu")
        SpecSamples.expect(SpecSamples.study("seed: 3", "seed: -3"), "E_SPEC_RANGE", at: 10, 42, key: "/search/seed")
        SpecSamples.expect(
            SpecSamples.study + "\ncosts: {commission: 0.5}", "E_COSTS_RANGE", at: 12, 21, key: "/costs/commission")
        SpecSamples.expect(SpecSamples.study + "\nlimits: {stopLoss: 2}", "E_LIMITS_RANGE", at: 12, 20, key: "/limits/stopLoss")
        SpecSamples.expect(
            SpecSamples.drill.replacing("tasks: 5", with: "tasks: 10000001"), "E_SPEC_RANGE", at: 3, 8, key: "/tasks")
    }

    @Test(arguments: [
        ("{float: [100, 0.001], log: true}", "E_SPACE_BOUNDS"), ("{float: [0, 1], log: true}", "E_SPACE_LOG"),
        ("{float: [0, 1], step: 0}", "E_SPACE_STEP"), ("{choice: []}", "E_SPACE_EMPTY"),
        ("{float: [0, 1], step: -0.1}", "E_SPACE_STEP"),
        ("{float: [1, 2], log: true, step: 0.1}", "E_SPACE_LOG"), ("{choice: [1, 1]}", "E_SPACE_EMPTY"),
    ])
    func `16: an impossible search space is refused`(space: String, code: String) {
        SpecSamples.expect(
            SpecSamples.study("l2: {float: [0.001, 100.0], log: true}", "l2: \(space)"), code, at: 7, 28,
            key: "/strategy/model/l2")
    }

    @Test func `16: so are ranges of the wrong shape`() {
        let l2 = "l2: {float: [0.001, 100.0], log: true}"
        SpecSamples.expect(
            SpecSamples.study(l2, "l2: {float: [1, 2, 3]}"), "E_SPACE_BOUNDS", at: 7, 36, key: "/strategy/model/l2/float")
        SpecSamples.expect(
            SpecSamples.study(l2, "l2: {float: [1, 2], int: [1, 2]}"), "E_SPEC_TYPE", at: 7, 28, key: "/strategy/model/l2")
        SpecSamples.expect(
            SpecSamples.study(l2, "l2: {float: [-1, 2]}"), "E_SPEC_RANGE", at: 7, 37, key: "/strategy/model/l2/float/0")
        SpecSamples.expect(
            SpecSamples.study(l2, "l2: {choice: [1, x]}"), "E_SPEC_TYPE", at: 7, 41, key: "/strategy/model/l2/choice/1")
        SpecSamples.expect(
            SpecSamples.study("forwardReturn: 5", "forwardReturn: {float: [1, 5]}"), "E_SPEC_TYPE", at: 6, 34,
            key: "/strategy/label/forwardReturn/float")
    }

    @Test func `16: a study needs something to search`() {
        let fixed = SpecSamples.study(
            "l2: {float: [0.001, 100.0], log: true}}\n  position: {kind: sign, threshold: {float: [0.0, 0.5]}}", "l2: 1}")
        SpecSamples.expect(fixed, "E_SPACE_EMPTY", at: 5, 3, key: "/strategy", mentions: ["job: backtest"])
    }

    @Test func `17: a grid that is too large is refused without counting it`() {
        let rule = """
            job: study
            name: g
            dataset: d
            strategy:
              rule: {kind: rsiReversion, period: {int: [2, 1000]}, lower: {float: [0, 100], step: 0.0001}, upper: {float: [0, 100], step: 0.0001}, exit: {float: [0, 100], step: 1.0e-12}}
            walkForward: {train: 1, test: 1}
            search: {sampler: grid}
            objective: {maximize: sharpe}
            """
        SpecSamples.expect(rule, "E_SPACE_TOO_LARGE", at: 7, 9, key: "/search")
        SpecSamples.expect(
            SpecSamples.study("sampler: tpe, trials: 20", "sampler: grid"), "E_SPACE_STEP", at: 10, 9, key: "/search")
    }

    @Test func `17: a grid counts its own trials`() throws {
        let grid = SpecSamples.study("l2: {float: [0.001, 100.0], log: true}", "l2: {choice: [0.1, 1, 10]}")
            .replacing("{float: [0.0, 0.5]}", with: "{float: [0.0, 0.5], step: 0.1}").replacing(
                "sampler: tpe, trials: 20", with: "sampler: grid")
        guard case .study(let study) = try JobSpec.parse(text: grid).body else { throw SpecSamples.Unexpected() }
        #expect(study.search.trials == 18)
        SpecSamples.expect(
            grid.replacing("sampler: grid", with: "sampler: grid, trials: 20"), "E_SPEC_RANGE", at: 10, 33, key: "/search/trials",
            mentions: ["18"])
    }

    @Test(arguments: [
        ("train: 500, test: 63, embargo: -1", "E_WINDOW_EMBARGO", "embargo", 46),
        ("train: 0, test: 63", "E_WINDOW_TRAIN", "train", 22),
        ("train: 500, test: -63", "E_WINDOW_TEST", "test", 33),
        ("train: 500, test: 63, purge: -2", "E_WINDOW_PURGE", "purge", 44),
        ("train: 500, test: 63, step: 0", "E_WINDOW_STEP", "step", 43),
        ("train: 500, test: 63, purge: 4", "E_WINDOW_PURGE", "purge", 44),
    ])
    func `18: a plan that cannot be is refused at its key`(plan: String, code: String, key: String, column: Int) {
        SpecSamples.expect(SpecSamples.study("train: 500, test: 63", plan), code, at: 9, column, key: "/walkForward/\(key)")
    }

    @Test func `18: windows longer than the data are refused when the data is known`() throws {
        let spec = try JobSpec.parse(text: SpecSamples.study)
        #expect(throws: Never.self) { try spec.checkWindows(bars: 568) }
        let error = #expect(throws: SpecErrors.self) { try spec.checkWindows(bars: 567) }
        #expect(error?.code == "E_WINDOW_LENGTH")
        #expect(error?.errors.first?.pointer == "/walkForward")
        #expect(error?.message.contains("568") == true)
    }

    @Test func `18: a window that tests before it trains does not exist`() {
        let error = #expect(throws: MarketDataError.self) { try Window(index: 0, train: 100..<200, test: 50..<100) }
        #expect(error?.code == "E_WINDOW_ORDER")
    }

    @Test(arguments: [
        "../../etc/passwd", "/etc/passwd", "file:///etc/passwd", "..\\\\windows", "a/b", "~root", "C:\\\\x",
        "\\\\\\\\host\\\\share", "..", "FILE:x",
    ])
    func `21: a path where a name belongs is refused`(path: String) {
        SpecSamples.expect(
            SpecSamples.study("dataset: spx-daily", "dataset: \"\(path)\""), "E_PATH_ESCAPE", at: 3, 10, key: "/dataset")
        SpecSamples.expect(
            SpecSamples.study("dataset: spx-daily", "dataset: {name: \"\(path)\"}"), "E_PATH_ESCAPE", at: 3, 17,
            key: "/dataset/name")
        SpecSamples.expect(
            SpecSamples.study + "\nthen: {register: {model: \"\(path)\"}}", "E_PATH_ESCAPE", at: 12, 26,
            key: "/then/register/model")
    }

    @Test(arguments: ["\"\"", "\"a b\"", "\"näme\"", "\".hidden\"", "\"\(String(repeating: "x", count: 65))\"", "\"a\\0b\""])
    func `21: so are names that could be mistaken for others`(name: String) {
        SpecSamples.expect(SpecSamples.study("name: small", "name: \(name)"), "E_NAME", at: 2, 7, key: "/name")
    }

    private let command = "job: command\nname: c\n"

    @Test func `22: a command is a list of clean arguments`() {
        func codes(_ text: String) -> [String] { SpecSamples.errors(command + text).map { "\($0.code) \($0.pointer)" } }
        #expect(codes("command: [python, train.py]").isEmpty)
        #expect(codes("command: rm -rf /tmp/x") == ["E_CMD_FORM /command"])
        #expect(codes("command: []") == ["E_CMD_FORM /command"])
        #expect(codes("command: [\"\"]") == ["E_CMD_FORM /command"])
        #expect(codes("command: [a, \"b\\nc\"]") == ["E_CMD_FORM /command/1"])
        #expect(codes("command: [a, \"b\\0c\"]") == ["E_CMD_FORM /command/1"])
        #expect(codes("command: [a, [b]]") == ["E_CMD_FORM /command/1"])
        let form = SpecSamples.errors(command + "command: sh -c x").last
        #expect(form?.place == .text(file: "job.yaml", line: 3, column: 10))
    }

    @Test(arguments: [
        "LD_PRELOAD: x.so", "PATH: /tmp", "ld_library_path: /tmp", "DYLD_INSERT_LIBRARIES: x", "BELLWETHER_HOME: /tmp",
        "DB_PASSWORD: hunter2", "password: x", "API_KEY: y", "GITHUB_TOKEN: z", "\"A=B\": c", "1A: c", "A: \"b\\0c\"",
    ])
    func `23: variables that load code or hold secrets are refused`(variable: String) {
        let errors = SpecSamples.errors(command + "command: [a]\nenvironment:\n  \(variable)\n")
        #expect(errors.map(\.code) == ["E_ENV_DENIED"])
        #expect(errors.last?.place.map { "\($0)".hasPrefix("job.yaml:5:") } == true)
        #expect(errors.last?.description.contains("hunter2") == false)
    }

    @Test func `23: other variables pass`() throws {
        let spec = try JobSpec.parse(text: command + "command: [a]\nenvironment: {THREADS: \"2\", LANG: de_DE.UTF-8}")
        guard case .command(let body) = spec.body else { throw SpecSamples.Unexpected() }
        #expect(body.program.environment == ["THREADS": "2", "LANG": "de_DE.UTF-8"])
    }

    @Test(arguments: [
        "../../etc/passwd", "/etc/passwd", "a/../../b", "./a", "a//b", "file:///etc/passwd", "..\\\\x", "~/x", "",
    ])
    func `21: files and outputs stay below the working folder`(path: String) {
        for key in ["files", "outputs"] {
            let errors = SpecSamples.errors(command + "command: [a]\n\(key): [\"\(path)\"]")
            #expect(errors.map(\.code) == ["E_PATH_ESCAPE"], "\(key): \(path)")
            #expect(errors.first?.pointer == "/\(key)/0")
        }
        let errors = SpecSamples.errors(command + "command: [a]\nfiles: {\"\(path)\": {text: x}}")
        #expect(errors.map(\.code) == ["E_PATH_ESCAPE"])
    }

    @Test func `25: what two specs ask for decides whether their hashes are the same`() throws {
        let spec = try JobSpec.parse(text: SpecSamples.study)
        let rewritten = try JobSpec.parse(
            text: "# another layout\n" + SpecSamples.study("seed: 3", "parallelTrials: 8, seed: 3") + "\npriority: 0\n")
        #expect(spec.specHash() == rewritten.specHash())
        #expect(spec.specHash().count == 64)
        let others = [
            SpecSamples.study("seed: 3", "seed: 4"), SpecSamples.study("[0.0, 0.5]", "[0.0, 0.50001]"),
            SpecSamples.study("name: small", "name: Small"),
            SpecSamples.study("return_1, rsi_14", "rsi_14, return_1"), SpecSamples.study + "\npriority: 1",
        ]
        for other in others { #expect(try JobSpec.parse(text: other).specHash() != spec.specHash()) }
        #expect(spec.specHash(datasetHash: String(repeating: "a", count: 64)) != spec.specHash())
    }

    @Test func `26: templates are text and nothing else`() throws {
        let values = ["${HOME}", "{{ 7*7 }}", "$(reboot)", "%s %n", "`id`", "#{x}", "<script>"]
        for value in values {
            let spec = try JobSpec.parse(text: SpecSamples.drill + "\nlabels: {note: '\(value)'}")
            #expect(spec.labels == ["note": value])
            #expect(try JobSpec.parse(text: spec.canonicalJSON()).labels == ["note": value])
        }
        SpecSamples.expect(SpecSamples.study("name: small", "name: ${USER}"), "E_NAME", at: 2, 7, key: "/name")
    }

    @Test func `all mistakes of a spec are reported at once, in the order of the text`() {
        let text = """
            job: study
            name: small
            datset: spx-daily
            strategy:
              features: [return_1, rsj_14, rsi_14, 7]
              label: {forwardReturn: 0}
              model: {kind: rigde, l2: NO}
              position: {kind: sing}
            walkForward: {train: 500}
            search: {trials: 0, sampler: tpe}
            objective: {maximize: sharp}
            """
        let errors = SpecSamples.errors(text)
        #expect(
            errors.map { "\($0.code) \($0.pointer)" } == [
                "E_SPEC_MISSING /dataset", "E_SPEC_UNKNOWN_KEY /datset", "E_FEATURE_UNKNOWN /strategy/features/1",
                "E_SPEC_TYPE /strategy/features/3",
                "E_SPEC_RANGE /strategy/label/forwardReturn", "E_SPEC_RANGE /strategy/model/kind",
                "E_SPEC_TYPE /strategy/model/l2",
                "E_STRATEGY_KIND /strategy/position/kind", "E_SPEC_MISSING /walkForward/test", "E_SPEC_RANGE /search/trials",
                "E_SPEC_RANGE /objective/maximize",
            ])
        #expect(errors.allSatisfy { $0.place != nil })
        #expect(errors.filter { $0.hint?.hasPrefix("did you mean") == true }.count >= 4)
    }

    @Test func `at most twenty mistakes are shown, and it says so`() {
        let text = SpecSamples.drill + "\n" + (0..<50).map { "key\($0): 1" }.joined(separator: "\n")
        let error = #expect(throws: SpecErrors.self) { try JobSpec.parse(text: text, file: "job.yaml") }
        #expect(error?.errors.count == 20)
        #expect(error?.isTruncated == true)
        #expect(error?.message.hasSuffix("(and 19 more)") == true)
        #expect(error?.description.contains("job.yaml:4:1: E_SPEC_UNKNOWN_KEY") == true)
    }

    @Test func `a kind of job that does not exist is refused`() {
        SpecSamples.expect("job: studdy\nname: x", "E_JOB_KIND", at: 1, 6, key: "/job", mentions: ["did you mean study?"])
        SpecSamples.expect("name: x", "E_SPEC_MISSING", at: 1, 1, key: "/job")
        SpecSamples.expect("- a\n- b", "E_SPEC_TYPE", at: 1, 1)
    }

    @Test func `gates are checked where they stand`() {
        let then = SpecSamples.study + "\nthen: {register: {model: m}, promote: {when: "
        SpecSamples.expect(
            then + "deflatedSharpe ! 1}}", "E_GATE_SYNTAX", at: 12, 46, key: "/then/promote/when", mentions: ["character 16"])
        SpecSamples.expect(
            then + "sharp > 1}}", "E_GATE_NAME", at: 12, 46, key: "/then/promote/when", mentions: ["did you mean sharpe?"])
        SpecSamples.expect(
            SpecSamples.study + "\nthen: {promote: {alias: champion}}", "E_SPEC_MISSING", at: 12, 17, key: "/then/promote",
            mentions: ["register"])
    }

    @Test func `a backtest takes numbers, not ranges`() {
        let text = """
            job: backtest
            name: b
            dataset: d
            strategy: {rule: {kind: movingAverageCross, fast: {int: [1, 5]}, slow: 20}}
            """
        SpecSamples.expect(text, "E_SPACE_UNEXPECTED", at: 4, 51, key: "/strategy/rule/fast")
        SpecSamples.expect(
            text.replacing("{int: [1, 5]}", with: "30"), "E_STRATEGY_PARAMETER", at: 4, 51, key: "/strategy/rule/fast",
            mentions: ["fewer than slow"])
    }
}
