import Scheduling
import SwiftProtobuf
import Testing
import Transport
import Wire

@testable import Cluster

@Suite struct OutputShipperTests {
    private let attempt = TaskAttempt(task: TaskID(job: JobID(1), index: 0), attempt: Attempt(term: 1, number: 1))
    private func at(_ milliseconds: Int64) -> Instant { Instant(nanoseconds: milliseconds * 1_000_000) }

    private func sent(_ messages: [OutgoingMessage]) throws -> [(offset: Int64, bytes: [UInt8])] {
        try messages.map { message in
            let framed = try Framed<ProtoToHead>.toHead(message.frames)
            #expect(framed.header.session == 0)
            return (framed.header.output.offset, framed.bulk)
        }
    }

    private func answer(_ offset: Int64) -> ProtoToWorker.OneOf_Body {
        .outputReply(.with { ($0.attempt, $0.offset) = (ProtoAttemptName(attempt), offset) })
    }

    @Test func `one piece is underway, and the next follows the answer`() throws {
        let shipper = OutputShipper()
        #expect(shipper.append(Array("one\n".utf8)[...], of: attempt))
        #expect(try sent(shipper.due(at: at(0))).map(\.bytes) == [Array("one\n".utf8)])
        #expect(!shipper.append(Array("two\n".utf8)[...], of: attempt))
        #expect(shipper.due(at: at(1_000)).isEmpty)
        #expect(shipper.accept(answer(0)))
        let next = try sent(shipper.due(at: at(1_001)))
        #expect(next.map(\.offset) == [4] && next.map(\.bytes) == [Array("two\n".utf8)])
    }

    @Test func `a piece without an answer is sent again`() throws {
        let shipper = OutputShipper()
        _ = shipper.append(Array("one\n".utf8)[...], of: attempt)
        _ = shipper.due(at: at(0))
        #expect(shipper.due(at: at(9_999)).isEmpty)
        #expect(try sent(shipper.due(at: at(10_000))).map(\.offset) == [0])
    }

    @Test func `the end sends what is left, and keeps it until it is answered`() throws {
        let shipper = OutputShipper()
        _ = shipper.append(Array("one\n".utf8)[...], of: attempt)
        _ = shipper.due(at: at(0))
        _ = shipper.append(Array(repeating: UInt8(ascii: "x"), count: 100_000)[...], of: attempt)
        #expect(try sent(shipper.end(attempt, at: at(5))).map(\.offset) == [4, 4 + 65_536])
        #expect(try sent(shipper.due(at: at(20_000))).map(\.offset) == [0, 4, 4 + 65_536])
        for offset in [0, 4, 4 + 65_536] as [Int64] { #expect(shipper.accept(answer(offset))) }
        #expect(shipper.due(at: at(60_000)).isEmpty)
    }

    @Test func `an attempt that wrote nothing sends nothing`() {
        let shipper = OutputShipper()
        #expect(shipper.end(attempt, at: at(0)).isEmpty)
        #expect(!shipper.accept(.dismissal(.init())))
    }
}
