import Foundation
import Scheduling
import TestSupport
import Testing

@testable import Cluster

@Suite struct AttemptStoreTests {
    private let home: TemporaryHome
    private let store: AttemptStore

    init() throws {
        home = try TemporaryHome()
        store = AttemptStore(root: home.path)
    }

    private func attempt(_ index: Int32, _ number: Int64 = 1) -> TaskAttempt {
        TaskAttempt(task: TaskID(job: JobID(7), index: index), attempt: Attempt(term: 2, number: number))
    }

    private func text(_ index: Int32) -> [LogPart] { store.log(of: JobID(7), task: index, after: -1, limit: 10).parts }

    @Test func `pieces join, and repeated ones change nothing`() throws {
        try store.add(Array("one\n".utf8), at: 0, to: attempt(3))
        try store.add(Array("two\n".utf8), at: 4, to: attempt(3))
        try store.add(Array("one\n".utf8), at: 0, to: attempt(3))
        #expect(text(3) == [LogPart(task: 3, attempt: "2.1", offset: 0, bytes: 8, text: "one\ntwo\n")])
    }

    @Test func `42: a file never grows beyond its two parts`() throws {
        var offset: Int64 = 0
        for number in 0..<200 {
            let piece = Array(String(repeating: "\(number % 10)", count: 10_000).utf8)
            try store.add(piece, at: offset, to: attempt(0))
            offset += Int64(piece.count)
        }
        let parts = text(0)
        #expect(parts.count == 2)
        #expect(parts[0].offset == 0 && parts[0].bytes == Int64(TaskOutput.firstLimit))
        #expect(parts[1].offset + parts[1].bytes == offset && parts[1].bytes == Int64(TaskOutput.lastLimit))
        #expect(parts[1].text.hasSuffix(String(repeating: "9", count: 10_000)))
        #expect(parts[1].text.dropLast(10_000).hasSuffix(String(repeating: "8", count: 10_000)))
        let file = try #require(FileManager.default.contentsOfDirectory(atPath: home.path + "/attempts/7").first)
        let size = try FileManager.default.attributesOfItem(atPath: home.path + "/attempts/7/" + file)[.size] as? Int
        #expect(size.map { $0 <= TaskOutput.firstLimit + TaskOutput.lastLimit + 24 } == true)
    }

    @Test func `after a gap the last part begins anew`() throws {
        try store.add(Array("begin".utf8), at: 0, to: attempt(1))
        try store.add(Array("lost neighbours".utf8), at: 400_000, to: attempt(1))
        try store.add(Array("end".utf8), at: 900_000, to: attempt(1))
        #expect(text(1).map(\.text) == ["begin", "end"])
        #expect(text(1).map(\.offset) == [0, 900_000])
    }

    @Test func `pages go by task, attempts of a task in order`() throws {
        for (index, number) in [(2, 10), (2, 9), (0, 3), (11, 1)] as [(Int32, Int64)] {
            try store.add(Array("\(index).\(number)".utf8), at: 0, to: attempt(index, number))
        }
        let first = store.log(of: JobID(7), task: nil, after: -1, limit: 2)
        #expect(first.parts.map(\.text) == ["0.3", "2.9", "2.10"] && first.next == 2)
        let second = store.log(of: JobID(7), task: nil, after: 2, limit: 2)
        #expect(second.parts.map(\.text) == ["11.1"] && second.next == nil)
        #expect(store.log(of: JobID(8), task: nil, after: -1, limit: 2).parts.isEmpty)
    }

    @Test func `a damaged file is an empty one`() throws {
        try store.add(Array("one".utf8), at: 0, to: attempt(0))
        let path = home.path + "/attempts/7/0-2-1.log"
        for bytes in [[], [1, 2, 3], Array(repeating: 0xFF, count: 40)] as [[UInt8]] {
            try Data(bytes).write(to: URL(fileURLWithPath: path))
            #expect(text(0).isEmpty)
        }
        try store.add(Array("two".utf8), at: 0, to: attempt(0))
        #expect(text(0).map(\.text) == ["two"])
    }

    @Test func `offsets that no output has are not taken`() throws {
        for offset in [Int64.min, -1, .max] { try store.add([1], at: offset, to: attempt(0)) }
        #expect(text(0).isEmpty)
    }

    @Test func `the last checkpoint of each task is found again`() throws {
        let (a, b) = (String(repeating: "a", count: 64), String(repeating: "b", count: 64))
        try store.setCheckpoint(a, of: TaskID(job: JobID(7), index: 0))
        try store.setCheckpoint(b, of: TaskID(job: JobID(7), index: 0))
        try store.setCheckpoint(a, of: TaskID(job: JobID(7), index: 5))
        try "no hash".write(toFile: home.path + "/attempts/7/6.checkpoint", atomically: true, encoding: .utf8)
        #expect(store.checkpoints(of: JobID(7)) == [0: b, 5: a])
        #expect(store.checkpoints(of: JobID(8)) == [:])
    }
}
