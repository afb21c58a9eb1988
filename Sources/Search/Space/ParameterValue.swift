/// One value of a hyperparameter: what a trial is given and what JSON can hold as a scalar.
///
/// JSON does not tell 1.0 from 1, so a double that went through another program's JSON may come back as an int;
/// `Distribution.normalized` restores the type that the search space says.
package enum ParameterValue: Sendable, Hashable {
    case double(Double)
    case int(Int)
    case string(String)

    /// The value as a double; nil for a string.
    package var number: Double? {
        switch self {
        case .double(let value): value
        case .int(let value): Double(value)
        case .string: nil
        }
    }

    /// The value as a whole number; nil for a string and for a double that is not whole or too large.
    package var wholeNumber: Int? {
        switch self {
        case .double(let value): Int(exactly: value)
        case .int(let value): value
        case .string: nil
        }
    }
}

extension ParameterValue: CustomStringConvertible {
    /// Numbers as Swift prints them (they read back to the same bits), strings as they are.
    package var description: String {
        switch self {
        case .double(let value): "\(value)"
        case .int(let value): "\(value)"
        case .string(let value): value
        }
    }
}

extension ParameterValue: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let value = try? container.decode(Int.self) {
            self = .int(value)
        } else if let value = try? container.decode(Double.self) {
            self = .double(value)
        } else {
            self = .string(try container.decode(String.self))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .double(let value): try container.encode(value)
        case .int(let value): try container.encode(value)
        case .string(let value): try container.encode(value)
        }
    }
}
