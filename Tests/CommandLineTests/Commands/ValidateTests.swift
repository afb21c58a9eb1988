import ArgumentParser
import Diagnostics
import Foundation
import Specs
import TestSupport
import Testing

@testable import bellwether

@Suite struct ValidateTests {
    private func validate(_ dependencies: KeyValuePairs<String, String>) async throws {
        let home = try TemporaryHome()
        let files = try dependencies.map { name, others in
            try home.write("\(name).yaml", "job: drill\nname: \(name)\ntasks: 1\ndependsOn: [\(others)]\n")
        }
        let command = try #require(Bellwether.parseAsRoot(["validate", "--json"] + files) as? ValidateCommand)
        try await command.run()
    }

    @Test func `specs that name one another are checked as a set`() async throws {
        try await validate(["a": "b, c", "b": "c", "c": ""])
    }

    @Test func `a cycle is shown as a path`() async throws {
        let error = await #expect(throws: SpecErrors.self) { try await validate(["a": "b", "b": "c", "c": "a"]) }
        #expect(error?.code == "E_DEPENDS_CYCLE" && error?.message.contains("a -> b -> c -> a") == true)
    }

    @Test func `a job that is not in the set is named`() async throws {
        let error = await #expect(throws: SpecErrors.self) { try await validate(["a": "b", "b": "zebra"]) }
        #expect(error?.code == "E_DEPENDS_UNKNOWN" && error?.message.contains("zebra") == true)
        #expect(error?.category == .input)
    }
}
