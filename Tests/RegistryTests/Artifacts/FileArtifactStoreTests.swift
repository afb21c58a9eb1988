import Foundation
import Testing

@testable import Registry

@Suite struct FileArtifactStoreTests {
    private let content = Array("weights and biases".utf8)

    private func path(_ hash: String, _ root: String) -> String { "\(root)/artifacts/\(hash.prefix(2))/\(hash)" }

    private func incoming(_ root: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: root + "/artifacts/.incoming")
    }

    /// Replaces an artifact's bytes behind the store's back.
    private func overwrite(_ path: String, _ bytes: [UInt8]) throws {
        try FileManager.default.removeItem(atPath: path)
        try Data(bytes).write(to: URL(fileURLWithPath: path))
    }

    @Test("What is put is read back under its SHA-256, also by another store on the same folder")
    func putAndRead() throws {
        try withTemporaryFolder { root in
            let store = try FileArtifactStore(root: root)
            let hash = try store.put(content)
            #expect(hash == ContentHash.sha256(content))
            #expect(try store.exists(hash))
            #expect(try store.read(hash) == content)
            #expect(FileManager.default.fileExists(atPath: path(hash, root)))
            #expect(try FileArtifactStore(root: root).read(hash) == content)
            #expect(try incoming(root).isEmpty)
        }
    }

    @Test("The empty artifact and one of a megabyte are artifacts like any other")
    func sizes() throws {
        try withTemporaryFolder { root in
            let store = try FileArtifactStore(root: root)
            for bytes in [[], (0..<1_000_003).map { UInt8(truncatingIfNeeded: $0 &* 7) }] {
                #expect(try store.read(store.put(bytes)) == bytes)
            }
        }
    }

    @Test("Putting the same bytes twice changes nothing")
    func putTwice() throws {
        try withTemporaryFolder { root in
            let store = try FileArtifactStore(root: root)
            let hash = try store.put(content)
            let before = try FileManager.default.attributesOfItem(atPath: path(hash, root))[.systemFileNumber] as? Int
            #expect(try store.put(content) == hash)
            let after = try FileManager.default.attributesOfItem(atPath: path(hash, root))[.systemFileNumber] as? Int
            #expect(before != nil && before == after)
        }
    }

    @Test("Every flipped byte and every truncation is E_ARTIFACT_HASH")
    func damage() throws {
        try withTemporaryFolder { root in
            let store = try FileArtifactStore(root: root)
            let hash = try store.put(content)
            var damaged: [[UInt8]] = (0..<content.count).map { Array(content[..<$0]) }
            for index in content.indices {
                var bytes = content
                bytes[index] ^= 0x10
                damaged.append(bytes)
            }
            damaged.append(content + [0])
            for bytes in damaged {
                try overwrite(path(hash, root), bytes)
                let error = #expect(throws: RegistryError.self) { try store.read(hash) }
                #expect(error?.code == "E_ARTIFACT_HASH")
                #expect(throws: RegistryError.self) { try store.verify(hash) }
            }
        }
    }

    @Test("Putting the bytes of a damaged artifact again repairs it")
    func repair() throws {
        try withTemporaryFolder { root in
            let store = try FileArtifactStore(root: root)
            let hash = try store.put(content)
            try overwrite(path(hash, root), [1, 2, 3])
            #expect(try store.put(content) == hash)
            #expect(try store.read(hash) == content)
        }
    }

    @Test("An artifact that is not stored is E_ARTIFACT_MISSING")
    func missing() throws {
        try withTemporaryFolder { root in
            let store = try FileArtifactStore(root: root)
            let hash = ContentHash.sha256([9])
            #expect(try !store.exists(hash))
            let error = #expect(throws: RegistryError.self) { try store.read(hash) }
            #expect(error?.code == "E_ARTIFACT_MISSING")
        }
    }

    @Test(
        "A name that is no hash never touches the disk", arguments: ["", "../../etc/passwd", "/etc/passwd", "abc", "..", "\u{0}"])
    func names(name: String) throws {
        try withTemporaryFolder { root in
            let store = try FileArtifactStore(root: root)
            for call in [
                { _ = try store.read(name) }, { _ = try store.exists(name) },
                { _ = try store.receive(expecting: name, limit: 1) },
            ] {
                #expect(throws: RegistryError.self) { try call() }.map { #expect($0.code == "E_ARTIFACT_NAME") }
            }
        }
    }

    @Test("A link, a pipe or a folder in an artifact's place is refused, and none of them is waited on")
    func notAFile() throws {
        try withTemporaryFolder { root in
            let store = try FileArtifactStore(root: root)
            let hash = try store.put(content)
            let place = path(hash, root)
            let secret = root + "/secret"
            try Data(content).write(to: URL(fileURLWithPath: secret))
            try FileManager.default.removeItem(atPath: place)
            try FileManager.default.createSymbolicLink(atPath: place, withDestinationPath: secret)
            #expect(throws: RegistryError.self) { try store.read(hash) }
            try FileManager.default.removeItem(atPath: place)
            #expect(mkfifo(place, 0o644) == 0)
            #expect(throws: RegistryError.self) { try store.read(hash) }
            try FileManager.default.removeItem(atPath: place)
            try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: false)
            #expect(throws: RegistryError.self) { try store.read(hash) }
        }
    }

    @Test("An artifact in pieces is invisible until it is finished")
    func pieces() throws {
        try withTemporaryFolder { root in
            let store = try FileArtifactStore(root: root)
            let hash = ContentHash.sha256(content)
            let upload = try store.receive(expecting: hash, limit: content.count)
            for byte in content { try upload.append([byte]) }
            #expect(try !store.exists(hash))
            #expect(try upload.finish() == hash)
            #expect(try store.read(hash) == content)
            #expect(throws: RegistryError.self) { try upload.append([1]) }
            #expect(throws: RegistryError.self) { try upload.finish() }
            upload.cancel()
            #expect(try store.exists(hash))
        }
    }

    @Test("An upload that is too long, has another hash or is dropped leaves nothing behind")
    func refusedUploads() throws {
        try withTemporaryFolder { root in
            let store = try FileArtifactStore(root: root)
            let long = try store.receive(expecting: nil, limit: 10)
            try long.append([UInt8](repeating: 1, count: 10))
            #expect(throws: RegistryError.self) { try long.append([1]) }.map { #expect($0.code == "E_ARTIFACT_SIZE") }
            #expect(throws: RegistryError.self) { try long.finish() }
            let other = try store.receive(expecting: ContentHash.sha256([1]), limit: 10)
            try other.append([2])
            #expect(throws: RegistryError.self) { try other.finish() }.map { #expect($0.code == "E_ARTIFACT_HASH") }
            do {
                let dropped = try store.receive(expecting: nil, limit: 10)
                try dropped.append([3])
            }
            #expect(try incoming(root).isEmpty)
            #expect(try !store.exists(ContentHash.sha256([2])))
            #expect(try FileManager.default.contentsOfDirectory(atPath: root + "/artifacts") == [".incoming"])
        }
    }

    @Test("A full disk is E_ARTIFACT_SPACE")
    func fullDisk() throws {
        let full = open("/dev/full", O_WRONLY)
        defer { close(full) }
        let error = #expect(throws: RegistryError.self) {
            try content.withUnsafeBytes { try ArtifactFile.write($0, to: full, "/dev/full") }
        }
        #expect(error?.code == "E_ARTIFACT_SPACE")
    }

    @Test("Opening a store removes old uploads whose process is gone, and no others")
    func abandoned() throws {
        try withTemporaryFolder { root in
            let store = try FileArtifactStore(root: root)
            let alive = try store.receive(expecting: nil, limit: 10)
            let names = try incoming(root)
            let dead = root + "/artifacts/.incoming/1-1-1"
            try Data([1]).write(to: URL(fileURLWithPath: dead))
            for name in names + ["1-1-1"] {
                try FileManager.default.setAttributes(
                    [.modificationDate: Date(timeIntervalSince1970: 0)], ofItemAtPath: root + "/artifacts/.incoming/" + name)
            }
            _ = try FileArtifactStore(root: root)
            #expect(try incoming(root) == names)
            try alive.append([1])
            #expect(try store.read(alive.finish()) == [1])
        }
    }
}
