import Specs
import Testing

/// Bad input 20: jobs that wait for each other.
@Suite struct DependencyTests {
    private func source(_ name: String, _ dependencies: String...) -> SpecSource {
        SpecSource(
            text: "job: drill\nname: \(name)\ntasks: 1\ndependsOn: [\(dependencies.joined(separator: ", "))]",
            file: "\(name).yaml")
    }

    private func errors(_ sources: [SpecSource]) -> [SpecError] {
        do {
            _ = try JobSpec.parse(set: sources)
            return []
        } catch { return error.errors }
    }

    @Test func `jobs come after those they depend on, otherwise in the given order`() throws {
        let specs = try JobSpec.parse(set: [source("d", "b", "c"), source("a"), source("c", "a"), source("b", "a")])
        #expect(specs.map(\.name) == ["a", "b", "c", "d"])
        #expect(try JobSpec.parse(set: [source("x"), source("y")]).map(\.name) == ["x", "y"])
    }

    @Test func `a cycle is printed as a path`() {
        let cycle = errors([source("start", "a"), source("a", "b"), source("b", "c"), source("c", "a")])
        #expect(cycle.map(\.code) == ["E_DEPENDS_CYCLE"])
        #expect(cycle.first?.message.contains("a -> b -> c -> a") == true)
        #expect(errors([source("a", "a")]).first?.message.contains("a -> a") == true)
    }

    @Test func `an unknown job and a name given twice are named`() {
        #expect(
            errors([source("a", "b", "zz"), source("b")]).map { "\($0.code) \($0.pointer)" } == ["E_DEPENDS_UNKNOWN /dependsOn/1"]
        )
        #expect(errors([source("a"), source("a")]).map(\.code) == ["E_DEPENDS_NAME"])
        // A job submitted alone may wait for one that was submitted before, but not for itself.
        #expect(SpecSamples.errors(source("a", "b").text).isEmpty)
        #expect(SpecSamples.errors(source("a", "a").text).map(\.code) == ["E_DEPENDS_CYCLE"])
    }

    @Test func `a long chain does not exhaust the stack`() throws {
        let chain = (0..<2_000).map { $0 == 1_999 ? source("j\($0)") : source("j\($0)", "j\($0 + 1)") }
        #expect(try JobSpec.parse(set: chain).first?.name == "j1999")
    }
}
