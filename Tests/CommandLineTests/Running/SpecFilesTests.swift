import Foundation
import Specs
import TestSupport
import Testing

@testable import bellwether

@Suite struct SpecFilesTests {
    private let home: TemporaryHome
    private var specPath: String { home.path + "/jobs/c.yaml" }

    init() throws {
        home = try TemporaryHome()
        try FileManager.default.createDirectory(atPath: home.path + "/jobs/lib", withIntermediateDirectories: true)
    }

    private func taken(_ files: String) throws -> [CommandFile] {
        let spec = try JobSpec.parse(text: "job: command\nname: c\ncommand: [a]\nfiles: \(files)")
        return try SpecFiles.taken(into: spec, besides: specPath).files
    }

    @Test func `files beside the spec travel with it`() throws {
        _ = try home.write("jobs/train.py", "print(1)\n")
        let tool = try home.write("jobs/lib/tool", "\u{0}binary")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: tool)
        #expect(
            try taken("[train.py, lib/tool]") == [
                CommandFile(name: "lib/tool", isExecutable: true, content: .bytes(Array("\u{0}binary".utf8))),
                CommandFile(name: "train.py", content: .bytes(Array("print(1)\n".utf8))),
            ])
    }

    @Test func `21: what is missing, too large or elsewhere is refused`() throws {
        func code(_ files: String) -> String? {
            do {
                _ = try taken(files)
                return nil
            } catch {
                return (error as? CommandError)?.code
            }
        }
        _ = try home.write("secret", "x")
        try FileManager.default.createSymbolicLink(atPath: home.path + "/jobs/link", withDestinationPath: home.path + "/secret")
        _ = try home.write("jobs/large", String(repeating: "x", count: CommandFile.bytesLimit + 1))
        #expect(code("[missing.py]") == "E_SPEC_FILE")
        #expect(code("[lib]") == "E_SPEC_FILE")
        #expect(code("[link]") == "E_PATH_ESCAPE")
        #expect(code("[large]") == "E_FILE_SIZE")
    }
}
