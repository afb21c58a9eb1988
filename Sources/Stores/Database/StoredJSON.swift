import Foundation

/// JSON objects in text columns: numbers by name, with sorted keys.
enum StoredJSON {
    /// Infinities and "not a number", which JSON lacks, are written as strings.
    static func encode(_ numbers: [String: Double]) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        do {
            return StoredText.clean(String(decoding: try encoder.encode(numbers), as: UTF8.self))
        } catch {
            throw StoreError(.statement, "numbers by name cannot be written as JSON")
        }
    }

    static func decode(_ text: String) throws -> [String: Double] {
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        do {
            return try decoder.decode([String: Double].self, from: Data(text.utf8))
        } catch {
            throw StoreError(.corrupt, "a stored JSON object cannot be read", hint: "the row was changed by hand or damaged")
        }
    }
}
