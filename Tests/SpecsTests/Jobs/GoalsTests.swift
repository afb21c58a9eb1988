import Diagnostics
import Search
import Specs
import Testing

@Suite struct GoalsTests {
    private static let one = "objective: {maximize: sharpe}"

    private func goals(_ text: String) throws -> Goals {
        let spec = try JobSpec.parse(text: SpecSamples.study(Self.one, text))
        #expect(try JobSpec.parse(text: spec.canonicalJSON()) == spec)
        guard case .study(let study) = spec.body else { throw SpecSamples.Unexpected() }
        return study.goals
    }

    @Test func `one objective is written alone, several are a list, limits are conditions between metrics`() throws {
        #expect(try goals(Self.one) == Goals("sharpe", .maximize))
        let goals = try goals(
            "objective: [{maximize: sharpe}, {minimize: turnover}]\nsubjectTo: [\"maxDrawdown > -0.35\", \"turnover <= 2*sharpe\"]"
        )
        #expect(goals.objectives.map(\.metric) == ["sharpe", "turnover"])
        #expect(goals.furtherDirections == [.minimize])
        #expect(goals.metrics == ["sharpe", "turnover", "maxDrawdown"])
        let metrics = ["sharpe": 1.0, "turnover": 3, "maxDrawdown": -0.5]
        guard case .values(let values, let violation) = goals.outcome(metrics) else { throw SpecSamples.Unexpected() }
        #expect(values == [1, 3] && abs(violation - 1.15) < 1e-12)
        #expect(goals.outcome(["sharpe": 1, "turnover": 3]) == .failed)
    }

    @Test(arguments: [
        ("objective: []", "E_SPEC_RANGE", "/objective"),
        ("objective: [{maximize: sharpe}, {minimize: sharpe}]", "E_SPEC_RANGE", "/objective/1"),
        ("objective: [{maximize: sharp}]", "E_SPEC_RANGE", "/objective/0/maximize"),
        ("objective: [{maximize: sharpe, minimize: turnover}]", "E_SPEC_TYPE", "/objective/0"),
        ("objective: {maximize: sharpe}\nsubjectTo: [\"maxDrawdwn > 1\"]", "E_SPEC_RANGE", "/subjectTo/0"),
        ("objective: {maximize: sharpe}\nsubjectTo: [maxDrawdown]", "E_SPACE_CONSTRAINT", "/subjectTo/0"),
        ("objective: {maximize: sharpe}\nsubjectTo: maxDrawdown", "E_SPEC_TYPE", "/subjectTo"),
    ])
    func `mistakes are told with their keys`(text: String, code: String, pointer: String) {
        let errors = SpecSamples.errors(SpecSamples.study(Self.one, text))
        #expect(errors.map { "\($0.code) \($0.pointer)" } == ["\(code) \(pointer)"])
    }

    @Test func `a sampler for one objective is refused for two`() {
        let text = SpecSamples.study(Self.one, "objective: [{maximize: sharpe}, {minimize: turnover}]")
        #expect(SpecSamples.errors(text).isEmpty)
        for sampler in ["cma", "gp"] {
            let errors = SpecSamples.errors(text.replacing("sampler: tpe", with: "sampler: \(sampler)"))
            #expect(errors.map { "\($0.code) \($0.pointer)" } == ["E_SPEC_RANGE /search"])
        }
    }
}
