import Configuration
package import Diagnostics
import Foundation
import SystemPackage

/// A program's settings: built-in defaults < a YAML file < the environment (`BELLWETHER_...`) < the command line.
///
/// Keys are camel case and dotted, such as `drift.windowRows`: that is `windowRows` under `drift` in the file,
/// `BELLWETHER_DRIFT_WINDOW_ROWS` in the environment.
package struct Settings: Sendable {
    private let reader: ConfigReader

    /// Reads `file` when one is given. `arguments` are what the command line set, by key.
    /// Throws `E_SETTINGS_FILE` when the file cannot be read.
    package init(file: String?, arguments: [String: String]) async throws(SettingsError) {
        var line: [String] = []
        for (key, value) in arguments.sorted(by: { $0.key < $1.key }) { line.append("--\(Self.flag(key))=\(value)") }
        var providers: [any ConfigProvider] = [
            CommandLineArgumentsProvider(arguments: ["bellwether"] + line),
            EnvironmentVariablesProvider().prefixKeys(with: "bellwether"),
        ]
        if let file {
            do {
                providers.append(try await FileProvider<YAMLSnapshot>(filePath: FilePath(URL(fileURLWithPath: file).path)))
            } catch {
                throw SettingsError("E_SETTINGS_FILE", "the settings cannot be read: \(error)", place: .file(file))
            }
        }
        reader = ConfigReader(providers: providers)
    }

    /// The setting as text.
    package func string(_ key: String) -> String? { reader.string(forKey: ConfigKey(key)) }

    /// The setting as a list of texts; empty when it is not given. In the environment they are separated by commas.
    package func strings(_ key: String) -> [String] { reader.stringArray(forKey: ConfigKey(key)) ?? [] }

    /// The setting as a whole number within `range`. Throws `E_SETTING`.
    package func int(_ key: String, in range: ClosedRange<Int>, default value: Int) throws(SettingsError) -> Int {
        guard let number = reader.int(forKey: ConfigKey(key)) else {
            if let text = string(key) { throw .setting(key, "is '\(text)', not a whole number") }
            return value
        }
        guard range.contains(number) else {
            throw .setting(key, "is \(number), not within \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// The setting as a number within `range`. Throws `E_SETTING`.
    package func double(_ key: String, in range: ClosedRange<Double>, default value: Double) throws(SettingsError) -> Double {
        guard let number = reader.double(forKey: ConfigKey(key)) ?? reader.int(forKey: ConfigKey(key)).map(Double.init) else {
            if let text = string(key) { throw .setting(key, "is '\(text)', not a number") }
            return value
        }
        guard range.contains(number) else {
            throw .setting(key, "is \(number), not within \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// The setting as yes or no. Throws `E_SETTING`.
    package func bool(_ key: String, default value: Bool) throws(SettingsError) -> Bool {
        if let flag = reader.bool(forKey: ConfigKey(key)) { return flag }
        if let text = string(key) { throw .setting(key, "is '\(text)', not true or false") }
        return value
    }

    /// The setting as one of a few names. Throws `E_SETTING`.
    package func choice<Choice: CaseIterable & RawRepresentable<String>>(
        _ key: String, default value: Choice
    ) throws(SettingsError) -> Choice {
        guard let text = string(key) else { return value }
        guard let choice = Choice(rawValue: text) else {
            let names = Choice.allCases.map(\.rawValue)
            let near = Suggestion.nearest(to: text, in: names).map { "did you mean \($0)?" }
            throw .setting(key, "cannot be '\(text)'", hint: near ?? "one of \(names.joined(separator: ", "))")
        }
        return choice
    }

    /// `windowRows` as `window-rows`, and dots as dashes.
    private static func flag(_ key: String) -> String {
        key.reduce(into: "") { text, character in
            if character == "." {
                text += "-"
            } else if character.isUppercase {
                text += "-" + character.lowercased()
            } else {
                text.append(character)
            }
        }
    }
}

/// A setting or a settings file that cannot be used.
package struct SettingsError: DiagnosticError {
    package let code: String
    package let message: String
    package let place: Place?
    package let hint: String?
    package var category: DiagnosticCategory { .input }

    package init(_ code: String, _ message: String, place: Place? = nil, hint: String? = nil) {
        (self.code, self.message, self.place, self.hint) = (code, message, place, hint)
    }

    /// A value that the key does not take.
    package static func setting(_ key: String, _ what: String, hint: String? = nil) -> SettingsError {
        SettingsError("E_SETTING", "\(key) \(what)", place: .key(key), hint: hint)
    }
}
