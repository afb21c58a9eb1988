import ArgumentParser
import Cluster
import Diagnostics
import Foundation
import Specs

/// How a command ends that did not succeed: what is printed where, and the exit code.
struct Failure {
    let code: Int32
    /// For standard output: help and version are answers, not mistakes.
    let answer: String?
    /// For standard error.
    let message: String?

    init(_ error: any Error, arguments: [String]) {
        let wantsJSON = arguments.prefix { $0 != "--" }.contains("--json")
        switch error {
        case let error as ClientError:
            self.init(error.errors, error.category.rawValue, error.description, wantsJSON)
        case let error as SpecErrors:
            self.init(error.errors.map { Failure.view($0) }, error.category.rawValue, error.description, wantsJSON)
        case let error as any DiagnosticError:
            self.init([ErrorView(error)], error.category.rawValue, error.description, wantsJSON)
        case is CancellationError:
            self.init(exit: 130)
        case let exit as ExitCode:
            self.init(exit: exit.rawValue)
        default:
            let text = Bellwether.fullMessage(for: error)
            switch Bellwether.exitCode(for: error) {
            case .success: self.init(code: 0, answer: text, message: nil)
            case .validationFailure:
                let view = ErrorView(code: "E_USAGE", message: Bellwether.message(for: error), hint: "see bellwether --help")
                self.init([view], DiagnosticCategory.input.rawValue, text, wantsJSON)
            default: self.init([ErrorView(code: "E_INTERNAL", message: text)], 1, text, wantsJSON)
            }
        }
    }

    private init(exit code: Int32) { self.init(code: code, answer: nil, message: nil) }

    private init(code: Int32, answer: String?, message: String?) {
        self.code = code
        self.answer = answer
        self.message = message
    }

    private init(_ errors: [ErrorView], _ code: Int32, _ text: String, _ wantsJSON: Bool) {
        let json = wantsJSON ? try? APICoding.encode(ErrorsView(errors: errors)) : nil
        self.init(
            code: code, answer: nil,
            message: json.map { String(decoding: $0, as: UTF8.self) } ?? Text.clean(text, keepingLines: true))
    }

    private static func view(_ error: SpecError) -> ErrorView {
        var view = ErrorView(error)
        if view.place == nil, !error.pointer.isEmpty { view.place = error.pointer }
        return view
    }

    func end() -> Never {
        if let answer, !answer.isEmpty { print(answer) }
        if let message, !message.isEmpty { Terminal.note(message) }
        exit(code)
    }
}

/// What can be wrong on this side of the head.
struct CommandError: DiagnosticError {
    let code: String
    let message: String
    var place: Place?
    var hint: String?
    let category: DiagnosticCategory

    init(_ code: String, _ category: DiagnosticCategory, _ message: String, place: Place? = nil, hint: String? = nil) {
        self.code = code
        self.category = category
        self.message = message
        self.place = place
        self.hint = hint
    }
}
