import Diagnostics
import Foundation
import Scheduling
import Statistics
import SwiftProtobuf
import Testing
import Wire

@Suite struct DamagedMessageTests {
    /// Reads a header the way head and worker do, with everything that is looked at afterwards; the code of its error, or nil.
    private func read(_ bytes: [UInt8], toHead: Bool) -> String? {
        do throws(WireError) {
            if toHead {
                let message = try Framed<ProtoToHead>.toHead([bytes])
                guard case .reports(let reports) = message.header.body else { return nil }
                for report in reports.reports {
                    let read = try report.attemptReport()
                    #expect(read.ranMicroseconds >= 0)
                }
            } else {
                let message = try Framed<ProtoToWorker>.toWorker([bytes])
                guard case .assignments(let assignments) = message.header.body else { return nil }
                for task in assignments.tasks { #expect(ProtoAttemptName(task.attempt.taskAttempt).job == task.attempt.job) }
            }
            return nil
        } catch {
            #expect(!error.message.isEmpty)
            return error.code
        }
    }

    private static let codes: Set<String> = ["E_DECODE", "E_FRAME_PARTS", "E_PROTO_VERSION"]

    private func samples() throws -> [(bytes: [UInt8], toHead: Bool)] {
        [(try WireSamples.reports().serializedBytes(), true), (try WireSamples.assignments().serializedBytes(), false)]
    }

    @Test func `a header cut at any byte is read or refused`() throws {
        for (bytes, toHead) in try samples() {
            var refused = 0
            for length in 0..<bytes.count {
                guard let code = read(Array(bytes[..<length]), toHead: toHead) else { continue }
                #expect(Self.codes.contains(code))
                refused += 1
            }
            // All but the cuts between two whole fields are noticed.
            #expect(refused > bytes.count / 2)
        }
    }

    @Test func `the place of a damage is the field that it is in`() throws {
        let bytes: [UInt8] = try WireSamples.reports().serializedBytes()
        func offset(_ damaged: [UInt8]) throws -> Int {
            let error = try #require(throws: WireError.self) { try Framed<ProtoToHead>.toHead([damaged]) }
            #expect(error.code == "E_DECODE" && error.message.contains("frame 0"))
            guard let place = error.place, case .offset(let offset) = place else { return -1 }
            return offset
        }
        // Protocol, session and sequence take two bytes each; then comes the body.
        #expect(try offset(Array(bytes.dropLast())) == 6)
        #expect(try offset(Array(bytes[..<5])) == 4)
        for (place, field) in [(0, 0), (2, 2), (4, 4), (6, 6)] {
            var damaged = bytes
            damaged[place] |= 7
            #expect(try offset(damaged) == field)
        }
        // Inside the body: the first report's tag.
        var inside = bytes
        inside[8] |= 7
        #expect(try offset(inside) == 6)
        #expect(try offset([0xFF, 0xFF, 0xFF]) == 0)
        // Lengths and numbers beyond all bounds.
        #expect(try offset([0x08, 0x01, 0x22] + [UInt8](repeating: 0xFF, count: 9) + [0x01]) == 2)
        #expect(try offset([0x08, 0x01] + [UInt8](repeating: 0xFF, count: 40)) == 2)
    }

    @Test func `a header with any bit flipped is read or refused`() throws {
        for (bytes, toHead) in try samples() {
            var codes: [String: Int] = [:]
            for bit in 0..<bytes.count * 8 {
                var damaged = bytes
                damaged[bit / 8] ^= 1 << UInt8(bit % 8)
                if let code = read(damaged, toHead: toHead) {
                    #expect(Self.codes.contains(code))
                    codes[code, default: 0] += 1
                }
            }
            #expect(codes["E_DECODE", default: 0] > 0 && codes["E_PROTO_VERSION", default: 0] > 0)
        }
    }

    @Test func `bytes after the end are read or refused`() throws {
        for (bytes, toHead) in try samples() {
            for seed in 0..<2_000 {
                var random = SplitMix64(seed: UInt64(seed))
                let tail = (0..<Int(1 + random.integer(below: 64))).map { _ in UInt8(truncatingIfNeeded: random.next()) }
                if let code = read(bytes + tail, toHead: toHead) { #expect(Self.codes.contains(code)) }
            }
        }
    }

    @Test func `random bytes are read or refused`() {
        // BELLWETHER_FUZZ_COUNT asks for more, such as ten million.
        let count = ProcessInfo.processInfo.environment["BELLWETHER_FUZZ_COUNT"].flatMap(Int.init) ?? 20_000
        for seed in 0..<count {
            var random = SplitMix64(seed: UInt64(seed))
            let bytes = (0..<Int(random.integer(below: 80))).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            if let code = read(bytes, toHead: seed.isMultiple(of: 2)) { #expect(Self.codes.contains(code)) }
        }
    }

    @Test func `deep nesting of unknown groups is refused, not followed`() {
        let error = #expect(throws: WireError.self) {
            // A start-group tag of field 100, over and over.
            try Framed<ProtoToHead>.toHead([Array(repeatElement([0xA3, 0x06], count: 100_000).joined())])
        }
        #expect(error?.code == "E_DECODE")
    }
}
