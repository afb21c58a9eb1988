import Diagnostics
import Foundation
import Specs
import Testing

@testable import bellwether

@Suite struct SpecFileTests {
    @Test(arguments: ["/nonexistent.yaml", "/", "/dev/zero", "/proc/self/mem"])
    func `what is not a readable file is wrong input`(path: String) {
        let error = #expect(throws: (any Error).self) { try SpecFile.read(path) }
        #expect((error as? any DiagnosticError)?.category == .input)
    }

    @Test func `bytes reach the parser as they are`() throws {
        let path = NSTemporaryDirectory() + "spec-\(UUID().uuidString).yaml"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data([0x6A, 0x6F, 0x62, 0x3A, 0x20, 0xFF]).write(to: URL(fileURLWithPath: path))
        let error = #expect(throws: SpecErrors.self) { try SpecFile.read(path) }
        #expect(error?.code == "E_YAML_ENCODING")

        try Data(repeating: 0x20, count: 3 << 20).write(to: URL(fileURLWithPath: path))
        #expect(throws: SpecErrors.self) { try SpecFile.read(path) }
    }
}
