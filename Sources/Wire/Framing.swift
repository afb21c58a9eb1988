import Foundation
package import SwiftProtobuf

/// A message as it came off a socket: its header, decoded, and the bulk frame if there is one.
package struct Framed<Header: Message & Sendable>: Sendable {
    package var header: Header
    package var bulk: [UInt8]

    package init(header: Header, bulk: [UInt8] = []) {
        self.header = header
        self.bulk = bulk
    }

    /// Throws `WireError` for anything that is not one whole message of this protocol.
    package init(frames: [[UInt8]]) throws(WireError) {
        guard (1...WireProtocol.partsLimit).contains(frames.count), !frames[0].isEmpty else { throw .parts(frames.count) }
        do {
            header = try Header(serializedBytes: frames[0])
        } catch {
            throw .decode(
                "frame 0, the header of \(frames[0].count) bytes, is not a \(Header.self): \(error)",
                offset: DecodeFault.offset(in: frames[0], as: Header.self))
        }
        bulk = frames.count > 1 ? frames[1] : []
    }

    /// The frames to send. A message made by this program always serializes.
    package var frames: [[UInt8]] {
        let bytes: [UInt8] = (try? header.serializedBytes()) ?? []
        return bulk.isEmpty ? [bytes] : [bytes, bulk]
    }
}

extension Framed<ProtoToHead> {
    /// Decodes and checks the protocol version before anything else is looked at.
    package static func toHead(_ frames: [[UInt8]]) throws(WireError) -> Self {
        let message = try Framed(frames: frames)
        guard WireProtocol.supported.contains(message.header.protocol) else { throw .version(message.header.protocol) }
        return message
    }
}

extension Framed<ProtoToWorker> {
    /// Decodes and checks the protocol version before anything else is looked at.
    package static func toWorker(_ frames: [[UInt8]]) throws(WireError) -> Self {
        let message = try Framed(frames: frames)
        guard WireProtocol.supported.contains(message.header.protocol) else { throw .version(message.header.protocol) }
        return message
    }
}
