/// The part of JSON Schema that the API's document uses.
indirect enum Schema: Sendable, Hashable {
    case string
    /// A text of another format than JSON.
    case text
    case binary
    case number
    case boolean
    /// An object of any form.
    case object
    case integer(Int64, Int64)
    case array(Schema)
    /// An object whose keys are names and whose values are all alike.
    case dictionary(Schema)
    case either(Schema, Schema)
    /// A schema of the document's components.
    case reference(String)

    static let whole = Schema.integer(.min, .max)

    var json: JSONValue {
        switch self {
        case .string, .text: ["type": "string"]
        case .binary: ["type": "string", "format": "binary"]
        case .number: ["type": ["number", "string"], "description": "A number; NaN, Infinity and -Infinity are strings."]
        case .boolean: ["type": "boolean"]
        case .object: ["type": "object"]
        case .integer(.min, .max): ["type": "integer", "format": "int64"]
        case .integer(let low, .max): ["type": "integer", "format": "int64", "minimum": .integer(low)]
        case .integer(let low, let high): ["type": "integer", "minimum": .integer(low), "maximum": .integer(high)]
        case .array(let element): ["type": "array", "items": element.json]
        case .dictionary(let value): ["type": "object", "additionalProperties": value.json]
        case .either(let a, let b): ["oneOf": [a.json, b.json]]
        case .reference(let name): ["$ref": .string("#/components/schemas/\(name)")]
        }
    }
}

/// A JSON value that is written with its keys in alphabetical order.
enum JSONValue: Sendable, Encodable, ExpressibleByStringLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral,
    ExpressibleByBooleanLiteral
{
    case string(String)
    case integer(Int64)
    case boolean(Bool)
    case array([JSONValue])
    case object([String: JSONValue])

    init(stringLiteral value: String) { self = .string(value) }
    init(booleanLiteral value: Bool) { self = .boolean(value) }
    init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    init(dictionaryLiteral elements: (String, JSONValue)...) { self = .object(Dictionary(elements) { $1 }) }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .string(let value): try container.encode(value)
        case .integer(let value): try container.encode(value)
        case .boolean(let value): try container.encode(value)
        case .array(let value): try container.encode(value)
        case .object(let value): try container.encode(value)
        }
    }
}
