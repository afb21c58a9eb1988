import Diagnostics
import Foundation
import Testing

@testable import MarketData

@Suite struct CatalogueTests {
    private func dataset(_ seed: UInt64 = 1) throws -> Dataset {
        try SyntheticMarket(seed: seed, symbols: ["AAA", "BBB"], bars: 50).generate()
    }

    @Test func `what was added is listed, resolved and loaded`() throws {
        try withFolder { folder in
            let catalogue = Catalogue(root: folder + "/deep/home")
            #expect(try catalogue.list().isEmpty)
            let one = try dataset(1)
            let two = try dataset(2)
            let entry = try catalogue.add(one, name: "one", importedAt: 123)
            try catalogue.add(two, name: "Two.b_c-d", importedAt: 456)
            try catalogue.add(one, name: "alias", importedAt: 789)
            #expect(try catalogue.list().map(\.name) == ["Two.b_c-d", "alias", "one"])
            #expect(entry.rows == 50 && entry.series == 2 && entry.importedAt == 123 && entry.sha256 == one.sha256)
            #expect(entry.firstTime == one.firstTime && entry.lastTime == one.lastTime && entry.bytes > 1000)
            #expect(try catalogue.resolve(name: "one") == entry)
            #expect(try catalogue.load(sha256: one.sha256) == one)
            #expect(try catalogue.verify(name: "one") == entry)
            #expect(catalogue.contains(sha256: two.sha256))
            #expect(!catalogue.contains(sha256: String(repeating: "0", count: 64)))
            #expect(!catalogue.contains(sha256: "../../etc/passwd"))
            #expect(try catalogue.path(of: one.sha256) == folder + "/deep/home/datasets/\(one.sha256).bwd")
            let files = try FileManager.default.contentsOfDirectory(atPath: folder + "/deep/home/datasets")
            #expect(files.sorted() == ["\(one.sha256).bwd", "\(two.sha256).bwd", "names"].sorted())
        }
    }

    @Test func `a name can be pointed elsewhere and removed`() throws {
        try withFolder { folder in
            let catalogue = Catalogue(root: folder)
            try catalogue.add(dataset(1), name: "n", importedAt: 1)
            let newer = try catalogue.add(dataset(2), name: "n", importedAt: 2)
            #expect(try catalogue.list() == [newer])
            try catalogue.remove(name: "n")
            #expect(try catalogue.list().isEmpty)
            #expect(failure { try catalogue.remove(name: "n") }?.code == "E_DATASET_UNKNOWN")
            #expect(catalogue.contains(sha256: newer.sha256))
        }
    }

    @Test(arguments: ["", ".hidden", "a/b", "..", "a b", "ä", "a\u{0}", "a\n", String(repeating: "a", count: 65)])
    func `names that are no safe file names are refused`(name: String) throws {
        try withFolder { folder in
            let catalogue = Catalogue(root: folder)
            #expect(failure { try catalogue.add(dataset(), name: name, importedAt: 0) }?.code == "E_NAME")
            #expect(failure { try catalogue.resolve(name: name) }?.code == "E_NAME")
            let files = try FileManager.default.contentsOfDirectory(atPath: folder)
            #expect(files.isEmpty)
        }
    }

    @Test func `unknown names and hashes say what is near`() throws {
        try withFolder { folder in
            let catalogue = Catalogue(root: folder)
            try catalogue.add(dataset(), name: "spx-daily", importedAt: 0)
            let error = failure { try catalogue.resolve(name: "spx-dialy") }
            #expect(error?.code == "E_DATASET_UNKNOWN")
            #expect(error?.hint == "did you mean spx-daily?")
            #expect(failure { try catalogue.load(sha256: String(repeating: "a", count: 64)) }?.code == "E_DATASET_UNKNOWN")
            #expect(failure { try catalogue.load(sha256: "../x") }?.code == "E_DATA_HASH")
            #expect(failure { try catalogue.path(of: String(repeating: "A", count: 64)) }?.code == "E_DATA_HASH")
        }
    }

    @Test("69: a name that points at other content than was pinned")
    func pinnedHash() throws {
        try withFolder { folder in
            let catalogue = Catalogue(root: folder)
            let entry = try catalogue.add(dataset(1), name: "n", importedAt: 0)
            #expect(try catalogue.resolve(name: "n", expecting: entry.sha256) == entry)
            let error = failure { try catalogue.resolve(name: "n", expecting: dataset(2).sha256) }
            #expect(error?.code == "E_DATA_HASH")
            #expect(error?.place == .key("/dataset/sha256"))
            #expect(error?.category == .input)
        }
    }

    @Test func `a file from elsewhere is verified before it is kept`() throws {
        try withFolder { folder in
            let source = Catalogue(root: folder + "/a")
            let target = Catalogue(root: folder + "/b")
            let entry = try source.add(dataset(), name: "n", importedAt: 5)
            let bytes = try source.fileBytes(sha256: entry.sha256)
            #expect(bytes.count == entry.bytes)
            var damaged = bytes
            damaged[bytes.count / 2] ^= 4
            #expect(failure { try target.insertFile(damaged, sha256: entry.sha256) }?.category == .integrity)
            #expect(failure { try target.insertFile(bytes, sha256: String(repeating: "0", count: 64)) }?.code == "E_DATASET_HASH")
            #expect(!target.contains(sha256: entry.sha256))
            #expect(try target.insertFile(bytes, sha256: entry.sha256) == dataset())
            #expect(try target.load(sha256: entry.sha256) == dataset())
            #expect(try target.list().isEmpty)
            #expect(try target.setName("m", to: entry.sha256, importedAt: 9).importedAt == 9)
            #expect(try target.resolve(name: "m").bytes == entry.bytes)
            #expect(
                failure { try target.setName("m", to: String(repeating: "0", count: 64), importedAt: 9) }?.code
                    == "E_DATASET_UNKNOWN")
        }
    }

    @Test func `damage is found by verifying and repaired by adding again`() throws {
        try withFolder { folder in
            let catalogue = Catalogue(root: folder)
            let entry = try catalogue.add(dataset(), name: "n", importedAt: 0)
            let url = URL(fileURLWithPath: try catalogue.path(of: entry.sha256))
            try Data(try Data(contentsOf: url).dropLast()).write(to: url)
            #expect(failure { try catalogue.verify(name: "n") }?.category == .integrity)
            #expect(failure { try catalogue.load(sha256: entry.sha256) }?.code == "E_DATASET_FORMAT")
            try catalogue.add(dataset(), name: "n", importedAt: 0)
            #expect(try catalogue.verify(name: "n") == entry)
        }
    }

    @Test func `a damaged index entry is an integrity error that names its file`() throws {
        try withFolder { folder in
            let catalogue = Catalogue(root: folder)
            var entry = try catalogue.add(dataset(), name: "n", importedAt: 0)
            let path = folder + "/datasets/names/n.json"
            try Data("{".utf8).write(to: URL(fileURLWithPath: path))
            for error in [failure { try catalogue.list() }, failure { try catalogue.resolve(name: "n") }] {
                #expect(error?.code == "E_DATASET_FORMAT")
                #expect(error?.category == .integrity)
                #expect(error?.place == .file(path))
            }
            entry.rows += 1
            try JSONEncoder().encode(entry).write(to: URL(fileURLWithPath: path))
            #expect(failure { try catalogue.verify(name: "n") }?.code == "E_DATASET_FORMAT")
            // What a writer that was killed leaves behind is no entry.
            try Data("{".utf8).write(to: URL(fileURLWithPath: folder + "/datasets/names/.bellwether-abcdef"))
            #expect(try catalogue.list().count == 1)
        }
    }

    @Test func `writers and readers of one name at the same time see whole entries`() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("bellwether-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let datasets = [try dataset(1), try dataset(2)]
        let hashes = Set(datasets.map(\.sha256))
        try Catalogue(root: folder).add(datasets[0], name: "n", importedAt: 0)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in datasets.indices {
                group.addTask {
                    for i in 0..<40 {
                        try Catalogue(root: folder).add(datasets[writer], name: "n", importedAt: Int64(i))
                        let seen = try Catalogue(root: folder).list()
                        #expect(seen.count == 1 && hashes.contains(seen[0].sha256))
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try Catalogue(root: folder).verify(name: "n").rows == 50)
    }
}
