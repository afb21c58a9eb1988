import Foundation
import Logging
import Scheduling
import SwiftProtobuf
import Synchronization
import TestSupport
import Testing
import Wire

@testable import Cluster

@Suite(.timeLimit(.minutes(1))) struct SpoolTests {
    private let home: TemporaryHome

    init() throws { home = try TemporaryHome() }

    private func spool(_ name: String, limit: Int64 = 1 << 20, logger: Logger = TestCluster.logger) throws -> Spool {
        try Spool(folder: home.path + "/spool", name: name, limit: limit, logger: logger)
    }

    private func content(_ indices: Range<Int32>, cluster: String = "c", term: Int64 = 3) -> ProtoRegister {
        .with {
            $0.clusterID = cluster
            $0.highestTerm = term
            $0.finished = indices.map { index in
                .with {
                    $0.attempt = ProtoAttemptName(Self.attempt(index, term: term))
                    $0.outcome = .succeeded
                    $0.result = Data([UInt8(truncatingIfNeeded: index)])
                }
            }
        }
    }

    private static func attempt(_ index: Int32, term: Int64 = 3) -> TaskAttempt {
        TaskAttempt(task: TaskID(job: JobID(1), index: index), attempt: Attempt(term: term, number: Int64(index) + 1))
    }

    private func keep(_ content: ProtoRegister, in spool: Spool) async -> Bool {
        await withCheckedContinuation { continuation in spool.keep(content) { continuation.resume(returning: $0) } }
    }

    /// What the spool hands out next, or nothing.
    private func inherit(_ spool: Spool, cluster: String = "c", term: Int64 = 3) -> [TaskAttempt] {
        let taken = Mutex<[ProtoReport]>([])
        spool.inherit(cluster: cluster, term: term) { reports in taken.withLock { $0 = reports } }
        spool.close()
        return taken.withLock { $0 }.map(\.attempt.taskAttempt)
    }

    private var files: [String] {
        let all = FileManager.default.enumerator(atPath: home.path + "/spool")?.compactMap { $0 as? String } ?? []
        return all.filter { !$0.hasSuffix("/") && $0.contains("/") }.sorted()
    }

    @Test func `what one process kept is told by the next, file by file, and is gone when it is acknowledged`() async throws {
        var first: Spool? = try spool("first")
        for range in [0..<3, 3..<5] as [Range<Int32>] { #expect(await keep(content(range), in: try #require(first))) }
        first = nil
        let second = try spool("second")
        #expect(inherit(second) == (0..<3).map { Self.attempt($0) })
        // Not before everything of the first file is acknowledged.
        second.forget([Self.attempt(0), Self.attempt(2)])
        #expect(inherit(second).isEmpty)
        second.forget([Self.attempt(1)])
        #expect(inherit(second) == (3..<5).map { Self.attempt($0) })
        #expect(files == ["first/000000002.reports"])
        second.forget((3..<5).map { Self.attempt($0) })
        #expect(inherit(second).isEmpty)
        #expect(files.isEmpty)
    }

    @Test func `results of another cluster or of a later term are not told`() async throws {
        var first: Spool? = try spool("first")
        #expect(await keep(content(0..<1), in: try #require(first)))
        first = nil
        let second = try spool("second")
        #expect(inherit(second, cluster: "other").isEmpty)
        #expect(inherit(second, term: 2).isEmpty)
        #expect(files.count == 1)
        #expect(inherit(second, term: 4) == [Self.attempt(0)])
    }

    @Test func `the folder of a living process is left alone`() async throws {
        let first = try spool("first")
        #expect(await keep(content(0..<1), in: first))
        #expect(inherit(try spool("second")).isEmpty)
        first.forget([Self.attempt(0)])
        first.close()
        #expect(files.isEmpty)
    }

    @Test func `a damaged file is kept and not told`() async throws {
        var first: Spool? = try spool("first")
        for range in [0..<1, 1..<2] as [Range<Int32>] { #expect(await keep(content(range), in: try #require(first))) }
        first = nil
        let path = home.path + "/spool/" + (try #require(files.first))
        let whole = try Data(contentsOf: URL(fileURLWithPath: path))
        for index in whole.indices {
            var bytes = whole
            bytes[index] ^= 1
            try bytes.write(to: URL(fileURLWithPath: path))
            #expect(throws: WorkerError.self) { try SpoolFile.read(path) }
        }
        for count in 0..<whole.count {
            try whole.prefix(count).write(to: URL(fileURLWithPath: path))
            #expect(throws: WorkerError.self) { try SpoolFile.read(path) }
        }
        #expect(inherit(try spool("second")) == [Self.attempt(1)])
        #expect(files.count == 2)
    }

    @Test func `what does not fit is an error that is told, and results are kept again when there is room`() async throws {
        let spool = try spool("first", limit: 1)
        #expect(await keep(content(0..<1), in: spool))
        #expect(await !keep(content(1..<2), in: spool))
        spool.forget([Self.attempt(0)])
        #expect(await keep(content(1..<2), in: spool))
        spool.close()
        #expect(files == ["first/000000002.reports"])
    }

    @Test func `a full disk is an error that is told, and leaves no half of a file`() async throws {
        let disk = try SmallDisk(mebibytes: 1)
        defer { disk.remove() }
        guard disk.isMounted else { return }
        let spool = try Spool(folder: disk.path, name: "first", limit: 1 << 30, logger: TestCluster.logger)
        try disk.fill(for: getpid())
        #expect(await !keep(content(0..<4_000), in: spool))
        #expect(try FileManager.default.contentsOfDirectory(atPath: disk.path + "/first").isEmpty)
        try disk.free(for: getpid())
        #expect(await keep(content(0..<4_000), in: spool))
        spool.close()
    }
}
