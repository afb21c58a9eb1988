import Foundation
import TestSupport
import Testing

/// What `scripts/chaos` makes of a history: one in which all is well, and the same with one thing wrong.
@Suite struct ChaosCheckTests {
    private static let good = [
        #"{"at_ns": 1, "kind": "calm", "hash": "abc"}"#,
        #"{"at_ns": 2, "kind": "submit", "uid": "u", "job": "study"}"#,
        #"{"at_ns": 3, "kind": "acknowledged", "uid": "u", "id": 7}"#,
        #"{"at_ns": 9, "kind": "ended", "uid": "u", "id": 7, "job": "study", "state": "succeeded", "error": null, "#
            + #""result": {"tasks": 2, "resultHash": "abc"}, "seen_ns": 8}"#,
        #"{"at_ns": 10, "kind": "drained", "seconds": 1.0}"#,
        #"{"at_ns": 11, "kind": "remembered", "uid": "u", "id": 7, "state": "succeeded", "#
            + #""tasks": [[0, "succeeded", "1.1"], [1, "succeeded", "1.2"]]}"#,
        #"{"at_ns": 12, "kind": "ran", "id": 7, "task": 1, "ran_ns": 5, "worker": 0}"#,
    ]

    private func check(_ lines: [String]) throws -> (status: Int32, errors: String) {
        let home = try TemporaryHome()
        let path = try home.write("history.jsonl", lines.joined(separator: "\n") + "\n")
        let program = Process()
        program.executableURL = SharedData.root.appendingPathComponent("scripts/chaos")
        program.arguments = ["--check", path]
        let errors = Pipe()
        program.standardError = errors
        program.standardOutput = FileHandle.nullDevice
        try program.run()
        let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        program.waitUntilExit()
        return (program.terminationStatus, text)
    }

    @Test func `a history in which all is well keeps every rule`() throws {
        let verdict = try check(Self.good)
        #expect(verdict.status == 0 && verdict.errors.isEmpty, "\(verdict.errors)")
    }

    @Test(
        arguments: [
            (5, #""id": 7, "state""#, #""id": null, "state""#, "I1: "), (5, #""id": 7, "state""#, #""id": 8, "state""#, "I2: "),
            (5, #", [1, "succeeded", "1.2"]"#, "", "I3: "), (5, "[1, ", "[0, ", "I3/I4: "),
            (6, #""ran_ns": 5"#, #""ran_ns": 9"#, "I4: "), (5, #""state": "succeeded""#, #""state": "running""#, "I9: "),
            (3, #""resultHash": "abc""#, #""resultHash": "abd""#, "I15: "), (3, #""kind": "ended""#, #""kind": "none""#, "I21: "),
            (4, #""kind": "drained""#, #""kind": "failure", "sentence": "x""#, "did not come to its end"),
        ])
    func `a history with one thing wrong is found out`(line: Int, piece: String, replacement: String, rule: String) throws {
        var lines = Self.good
        #expect(lines[line].contains(piece))
        lines[line] = lines[line].replacing(piece, with: replacement)
        let verdict = try check(lines)
        #expect(verdict.status == 1 && verdict.errors.contains("broken: ") && verdict.errors.contains(rule), "\(verdict.errors)")
    }
}
