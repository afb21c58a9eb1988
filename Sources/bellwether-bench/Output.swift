import Foundation

/// JSON lines on standard output.
enum Output {
    enum Value {
        case text(String)
        case number(Double)
        case numbers([Double])
    }

    /// Prints `members` as one JSON object, by key.
    static func line(_ members: KeyValuePairs<String, Value>) {
        let text = members.map { key, value in
            switch value {
            case .text(let text): "\"\(key)\": \"\(text)\""
            case .number(let number): "\"\(key)\": \(shown(number))"
            case .numbers(let numbers): "\"\(key)\": [\(numbers.map(shown).joined(separator: ", "))]"
            }
        }
        FileHandle.standardOutput.write(Data("{\(text.joined(separator: ", "))}\n".utf8))
    }

    private static func shown(_ number: Double) -> String {
        number == number.rounded() && abs(number) < 1e15 ? String(Int(number)) : "\(number)"
    }
}
