import ArgumentParser
import Cluster
import Diagnostics
import Foundation
import Specs
import Testing

@testable import bellwether

@Suite struct FailureTests {
    private func errors(_ failure: Failure) throws -> [ErrorView] {
        try APICoding.decode(ErrorsView.self, from: Data(try #require(failure.message).utf8)).errors
    }

    @Test(arguments: DiagnosticCategory.allCases)
    func `an error's category is the exit code`(category: DiagnosticCategory) throws {
        let error = CommandError("E_MADE_UP", category, "no", place: .file("f"), hint: "do")
        let plain = Failure(error, arguments: ["bellwether", "jobs"])
        #expect(plain.code == category.rawValue)
        #expect(plain.message == "f: E_MADE_UP: no\n  hint: do")
        let json = Failure(error, arguments: ["bellwether", "jobs", "--json"])
        #expect(json.code == category.rawValue)
        #expect(try errors(json) == [ErrorView(code: "E_MADE_UP", message: "no", place: "f", hint: "do")])
    }

    @Test func `all mistakes of a spec are printed`() throws {
        let mistakes = SpecErrors(
            SpecError("E_A", "one", place: .text(file: "a.yaml", line: 2, column: 3)), [SpecError("E_B", "two", pointer: "/x")])
        let plain = Failure(mistakes, arguments: [])
        #expect(plain.code == 2)
        #expect(plain.message?.contains("a.yaml:2:3: E_A: one") == true)
        #expect(plain.message?.contains("E_B: two") == true)
        #expect(try errors(Failure(mistakes, arguments: ["--json"])).map(\.place) == ["a.yaml:2:3", "/x"])
    }

    @Test func `what a head answered is printed as it is, escapes made visible`() throws {
        let error = ClientError(
            errors: [ErrorView(code: "E_X", message: "a\u{1B}[31m"), ErrorView(code: "E_Y", message: "b")], status: 409)
        let failure = Failure(error, arguments: [])
        #expect(failure.code == 5)
        #expect(failure.message == "E_X: a\\u{1b}[31m\nE_Y: b")
        #expect(try errors(Failure(error, arguments: ["--json"])) == error.errors)
    }

    @Test func `a chosen exit code says nothing more`() {
        let failure = Failure(ExitCode(1), arguments: ["--json"])
        #expect(failure.code == 1)
        #expect(failure.message == nil)
        #expect(failure.answer == nil)
        #expect(Failure(CancellationError(), arguments: []).code == 130)
    }
}
