package import Diagnostics

/// A message that cannot be accepted as it came.
package struct WireError: DiagnosticError {
    private enum Code: String {
        case decode = "E_DECODE"
        case parts = "E_FRAME_PARTS"
        case version = "E_PROTO_VERSION"
    }

    private let kind: Code
    package let message: String
    package let place: Place?
    package var code: String { kind.rawValue }
    package var hint: String? { kind == .version ? "run the same Bellwether version on head and workers" : nil }
    package var category: DiagnosticCategory { .input }

    /// The header is not a message of the protocol, or names something impossible.
    package static func decode(_ message: String, offset: Int? = nil) -> WireError {
        WireError(kind: .decode, message: message, place: offset.map(Place.offset))
    }

    /// A message with a wrong number of frames.
    package static func parts(_ count: Int) -> WireError {
        WireError(
            kind: .parts,
            message: "a message has 1 to \(WireProtocol.partsLimit) frames and a header that is not empty, not \(count)",
            place: nil)
    }

    /// A peer that speaks another protocol.
    package static func version(_ version: UInt32) -> WireError {
        WireError(kind: .version, message: "protocol \(version) is not supported; \(spoken)", place: nil)
    }

    /// A message of a kind that these protocols do not have, or of none.
    package static func unknownBody() -> WireError {
        WireError(kind: .version, message: "a message has no body that is known here; \(spoken)", place: nil)
    }

    private static var spoken: String {
        "this program speaks protocols \(WireProtocol.supported.lowerBound) to \(WireProtocol.supported.upperBound)"
    }
}
