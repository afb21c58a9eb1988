package import ArgumentParser
import Diagnostics
import Foundation

extension AsyncParsableCommand {
    /// Parses the command line, runs the command and ends the process with the exit code that all programs give that end: the
    /// category of a `DiagnosticError`, 2 for a line that makes no sense, 1 for anything else.
    package static func runToEnd() async -> Never {
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
            Foundation.exit(0)
        } catch let error as any DiagnosticError {
            end(error.category.rawValue, "\(error)")
        } catch {
            let text = fullMessage(for: error)
            switch exitCode(for: error) {
            case .success:
                print(text)
                Foundation.exit(0)
            case .validationFailure: end(DiagnosticCategory.input.rawValue, text)
            case let code: end(code.rawValue, text)
            }
        }
    }

    private static func end(_ code: Int32, _ text: String) -> Never {
        FileHandle.standardError.write(Data("\(text)\n".utf8))
        Foundation.exit(code)
    }
}
