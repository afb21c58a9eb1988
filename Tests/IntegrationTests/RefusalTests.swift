import Cluster
import Foundation
import TestSupport
import Testing

/// Wrong input and what else can be refused, by the programs as a user runs them.
@Suite(.serialized) struct RefusalTests {
    private struct Case {
        var text: String
        var code: String
        /// Part of standard error: where it is.
        var place: String
        init(_ code: String, at place: String, _ text: String) { (self.code, self.place, self.text) = (code, place, text) }
    }

    @Test("A spec with a mistake ends with 2, names code and place, and leaves no job behind")
    func badSpecs() async throws {
        let cluster = try TestCluster()
        defer { cluster.stop() }
        try cluster.bellwether("data", "synth", "--name", "market", "--symbols", "1", "--bars", "300", "--seed", "1")
        let fine = TestSpecs.study(dataset: "market", trials: 2)
        let pinned = "{name: market, sha256: \(String(repeating: "0", count: 64))}"
        let cases = [
            Case("E_YAML_DUP_KEY", at: "spec.yaml:3:1", "job: drill\nname: a\nname: b\ntasks: 1\n"),
            Case("E_YAML_DEPTH", at: "spec.yaml:1:", "job: " + String(repeating: "[", count: 5_000)),
            Case("E_SPEC_EMPTY", at: "spec.yaml:1:1", "# nothing\n"),
            Case("E_SPEC_UNKNOWN_KEY", at: "spec.yaml:4:1", "job: drill\nname: a\ntasks: 1\nlerning_rate: 2\n"),
            Case("E_SPEC_RANGE", at: "/search/trials", fine.replacing("trials: 2", with: "trials: 1e12")),
            Case("E_DATASET_UNKNOWN", at: "/dataset", fine.replacing("dataset: market", with: "dataset: markt")),
            Case("E_WINDOW_LENGTH", at: "/walkForward", fine.replacing("train: 252", with: "train: 2520")),
            Case("E_DATA_HASH", at: "/dataset/sha256", fine.replacing("dataset: market", with: "dataset: \(pinned)")),
        ]
        for wrong in cases {
            let file = try cluster.home.write("spec.yaml", wrong.text)
            let result = try Program.run(
                "bellwether", ["submit", file, "--home", cluster.home.path], environment: ["BELLWETHER_HEAD": cluster.url])
            expect(result, wrong, exit: 2)
        }
        #expect(try await cluster.withClient { try await $0.jobs(limit: 10).jobs }.isEmpty)
    }

    @Test("A file with flawed rows ends with 2, names code and row, and changes no dataset")
    func badData() throws {
        let home = try TemporaryHome()
        let header = "Date,Open,High,Low,Close\n"
        func list() throws -> String {
            try Program.run("bellwether", ["data", "list", "--json"], environment: home.environment).output
        }
        let good = try home.write("good.csv", header + "1999-01-04,10,12,9,11\n1999-01-05,10,12,9,11\n")
        let imported = try Program.run("bellwether", ["data", "import", good, "--name", "d"], environment: home.environment)
        try #require(imported.status == 0, "\(imported.errors)")
        let before = try list()
        #expect(before.contains("\"d\""))
        let cases = [
            Case("E_CSV_EMPTY", at: "row 1", header), Case("E_CSV_HEADER", at: "row 1", "hello\nworld\n"),
            Case("E_CSV_RAGGED", at: "row 2", header + "1999-01-04,10,12,9\n"),
            Case("E_NUMBER", at: "row 3, column High", header + "1999-01-04,10,12,9,11\n1999-01-05,10,1e400,9,11\n"),
            Case("E_DUPLICATE_TIME", at: "row 3", header + "1999-01-04,10,12,9,11\n1999-01-04,10,12,9,11\n"),
            Case("E_OHLC_INVARIANT", at: "row 2", header + "1999-01-04,10,8,9,11\n"),
            Case("E_DATA_ENCODING", at: "rows.csv", header + "1999-01-04,10,12,9,\u{0}\n"),
        ]
        for wrong in cases {
            let file = try home.write("rows.csv", wrong.text)
            // The name that is taken: a refused import must not touch it.
            let result = try Program.run("bellwether", ["data", "import", file, "--name", "d"], environment: home.environment)
            expect(result, wrong, exit: 2)
            #expect(try list() == before)
        }
    }

    @Test("A dataset with a changed byte ends with 3")
    func damagedData() throws {
        let home = try TemporaryHome()
        let synth = ["data", "synth", "--name", "d", "--symbols", "1", "--bars", "300"]
        try #require(try Program.run("bellwether", synth, environment: home.environment).status == 0)
        #expect(try Program.run("bellwether", ["data", "verify"], environment: home.environment).status == 0)
        let files = FileManager.default.enumerator(atPath: home.path)?.compactMap { $0 as? String } ?? []
        let file = URL(fileURLWithPath: home.path).appendingPathComponent(try #require(files.first { $0.hasSuffix(".bwd") }))
        var bytes = try Data(contentsOf: file)
        bytes[bytes.count / 2] ^= 1
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
        try bytes.write(to: file)
        let result = try Program.run("bellwether", ["data", "verify"], environment: home.environment)
        #expect(result.status == 3 && result.errors.contains("E_DATASET_"), "\(result)")
    }

    @Test("Who does not answer ends with 4")
    func unavailable() throws {
        let home = try TemporaryHome()
        let check = try Program.run("bellwether", ["serve-check", "http://127.0.0.1:1"], environment: home.environment)
        #expect(check.status == 4 && check.errors.contains("E_"), "\(check)")
        let jobs = try Program.run("bellwether", ["jobs", "--head", "http://127.0.0.1:1"], environment: home.environment)
        #expect(jobs.status == 4, "\(jobs)")
    }

    @Test("A key that names another job ends with 2 and names both specs")
    func conflict() async throws {
        let cluster = try TestCluster()
        defer { cluster.stop() }
        func submit(_ tasks: Int) throws -> Program.Result {
            let file = try cluster.home.write("spec.yaml", "job: drill\nname: d\ntasks: \(tasks)\n")
            return try Program.run(
                "bellwether", ["submit", file, "--uid", "k", "--json", "--home", cluster.home.path],
                environment: ["BELLWETHER_HEAD": cluster.url])
        }
        let first = try APICoding.decode(JobView.self, from: Data(submit(1).output.utf8))
        #expect(try submit(1).status == 0)
        let result = try submit(2)
        let error = try #require(try APICoding.decode(ErrorsView.self, from: Data(result.errors.utf8)).errors.first)
        #expect(result.status == 2 && error.code == "E_UID_CONFLICT" && error.place == "/uid")
        #expect(error.message.contains(first.specHash))
        #expect(error.message.split(whereSeparator: { !$0.isHexDigit }).filter { $0.count == 64 }.count == 2)
        #expect(try await cluster.withClient { try await $0.jobs(limit: 10).jobs.count } == 1)
    }

    @Test(
        "A line that a program does not understand, and a setting that it does not know, end with 2",
        arguments: ["bellwether", "bellwether-head", "bellwether-worker", "bellwether-serve"])
    func usage(_ program: String) throws {
        let home = try TemporaryHome()
        func run(_ arguments: String...) throws -> Program.Result {
            try Program.run(program, arguments, environment: home.environment)
        }
        let unknown = try run("--nonsense")
        #expect(unknown.status == 2 && unknown.errors.contains("--nonsense") && unknown.output.isEmpty, "\(unknown)")
        let help = try run("--help")
        #expect(help.status == 0 && help.output.contains("USAGE") && help.errors.isEmpty)
        if program != "bellwether" {
            let loud = try run("--log-level", "loud")
            #expect(loud.status == 2 && loud.errors.contains("E_SETTING") && loud.errors.contains("logLevel"), "\(loud)")
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: home.path).isEmpty)
    }

    private func expect(_ result: Program.Result, _ wrong: Case, exit: Int32) {
        #expect(result.status == exit, "\(wrong.code): \(result)")
        #expect(result.errors.contains(wrong.code), "\(wrong.code): \(result.errors)")
        #expect(result.errors.contains(wrong.place), "\(wrong.code): \(result.errors)")
        #expect(!result.errors.contains("Fatal error"))
    }
}
