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
        for seed in 0..<20_000 {
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
