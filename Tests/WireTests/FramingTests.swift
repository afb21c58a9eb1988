import SwiftProtobuf
import Testing
import Wire

@Suite struct FramingTests {
    @Test func `a message and its bulk bytes come back as they went`() throws {
        let header = try WireSamples.reports()
        let plain = try Framed<ProtoToHead>.toHead(Framed(header: header).frames)
        #expect(plain.header == header && plain.bulk.isEmpty)
        let bulk = (0..<10_000).map { UInt8(truncatingIfNeeded: $0) }
        let whole = try Framed<ProtoToWorker>.toWorker(Framed(header: WireSamples.assignments(), bulk: bulk).frames)
        #expect(whole.header == WireSamples.assignments() && whole.bulk == bulk)
    }

    @Test(arguments: [0, WireProtocol.version + 1, WireProtocol.version - 1, .max])
    func `another protocol is refused by name`(version: UInt32) throws {
        var toHead = try WireSamples.reports()
        toHead.protocol = version
        let error = #expect(throws: WireError.self) { try Framed<ProtoToHead>.toHead(Framed(header: toHead).frames) }
        #expect(error?.code == "E_PROTO_VERSION")
        #expect(error?.message.contains("\(version)") == true && error?.message.contains("\(WireProtocol.version)") == true)
        #expect(error?.hint != nil)
        var toWorker = WireSamples.assignments()
        toWorker.protocol = version
        #expect(throws: WireError.self) { try Framed<ProtoToWorker>.toWorker(Framed(header: toWorker).frames) }
    }

    @Test func `no frame, an empty header and a third frame are no message`() throws {
        let header: [UInt8] = try WireSamples.reports().serializedBytes()
        let wrong: [[[UInt8]]] = [[], [[]], [[], header], [header, [1], [2]], Array(repeating: header, count: 9)]
        for frames in wrong {
            let error = #expect(throws: WireError.self) { try Framed<ProtoToHead>.toHead(frames) }
            #expect(error?.code == "E_FRAME_PARTS", "\(frames.count) frames")
        }
        #expect(try Framed<ProtoToHead>.toHead([header, []]).bulk == [])
    }
}
