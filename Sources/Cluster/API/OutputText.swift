/// What a program wrote, as text that may be shown anywhere: control characters but line breaks and tabs become `\u{...}`, bytes
/// that are no UTF-8 become `\x{..}`, so that no output moves a cursor, colours a terminal or breaks a document.
package enum OutputText {
    package static func escaped(_ bytes: some Collection<UInt8>) -> String {
        let bytes = Array(bytes)
        var text = ""
        text.reserveCapacity(bytes.count)
        var iterator = bytes.makeIterator()
        var parser = Unicode.UTF8.ForwardParser()
        var at = 0
        while true {
            switch parser.parseScalar(from: &iterator) {
            case .valid(let encoded):
                at += encoded.count
                append(Unicode.UTF8.decode(encoded), to: &text)
            case .error(let length):
                for byte in bytes[at..<min(bytes.count, at + length)] { text += "\\x{\(String(byte, radix: 16))}" }
                at += length
            case .emptyInput: return text
            }
        }
    }

    private static func append(_ scalar: Unicode.Scalar, to text: inout String) {
        switch scalar.value {
        case 0x09, 0x0A: text.unicodeScalars.append(scalar)
        case 0..<0x20, 0x7F..<0xA0, 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF:
            text += "\\u{\(String(scalar.value, radix: 16))}"
        default: text.unicodeScalars.append(scalar)
        }
    }
}
