import Search
import Specs
import Testing

@Suite struct CommandStudySpecTests {
    private static let sample = """
        job: study
        name: tune
        objective: {command: [python3, train.py], minimize: loss}
        parameters: {rate: {float: [0.001, 1], log: true}, layers: {int: [1, 4]}, mode: {choice: [fast, slow]}, epochs: 3}
        search: {sampler: tpe, trials: 20, seed: 3}
        """

    private func study(_ text: String) throws -> CommandStudySpec {
        let spec = try JobSpec.parse(text: text)
        #expect(spec.kind == .study)
        #expect(spec.dataset == nil)
        // The order of parameters decides what a sampler draws, so it must be the same in both forms.
        let again = try JobSpec.parse(text: spec.canonicalJSON())
        #expect(again == spec)
        guard case .commandStudy(let study) = spec.body else { throw SpecSamples.Unexpected() }
        return study
    }

    @Test func `ranges are searched in order of name, values are fixed`() throws {
        let study = try study(Self.sample)
        #expect(study.searched.map(\.name) == ["layers", "mode", "rate"])
        #expect(study.program.parameters == ["epochs": .int(3)])
        #expect(study.goals == Goals("loss", .minimize))
        #expect(try study.searchSpace().parameters[1].distribution == .categorical([.string("fast"), .string("slow")]))
        #expect(try study.searchSpace().parameters[0].distribution == .int(low: 1, high: 4, log: false, step: 1))
    }

    @Test func `a grid has as many trials as points`() throws {
        let text = Self.sample.replacing("sampler: tpe, trials: 20, seed: 3", with: "sampler: grid")
            .replacing("{float: [0.001, 1], log: true}", with: "{choice: [0.1, 0.2, 0.3]}")
        #expect(try study(text).search.trials == 4 * 2 * 3)
    }

    @Test func `the program can be outside, under a lease`() throws {
        let outside = Self.sample.replacing("command: [python3, train.py]", with: "external: {lease: 2m}")
        let study = try study(outside)
        #expect(study.external?.leaseMilliseconds == 120_000 && study.program.arguments.isEmpty)
        #expect(study.program.parameters == ["epochs": .int(3)] && study.goals.metrics == ["loss"])
        #expect(try self.study(outside.replacing("{lease: 2m}", with: "{}")).external?.leaseMilliseconds == 60_000)
        #expect(try self.study(Self.sample).external == nil)
        func codes(_ piece: String, _ other: String) -> [String] {
            SpecSamples.errors(outside.replacing(piece, with: other)).map { "\($0.code) \($0.pointer)" }
        }
        #expect(codes("{lease: 2m}", "{lease: 10ms}") == ["E_SPEC_RANGE /objective/external/lease"])
        #expect(codes("{lease: 2m}", "{leas: 2m}") == ["E_SPEC_UNKNOWN_KEY /objective/external/leas"])
        #expect(codes("external:", "command: [a], external:") == ["E_SPEC_TYPE /objective"])
        #expect(codes("job: study", "job: study\nfiles: [a.py]") == ["E_SPEC_UNKNOWN_KEY /files"])
    }

    @Test func `a range may take part only when another parameter has a value; conditions between numbers hold`() throws {
        let study = try study(
            Self.sample.replacing("{int: [1, 4]}", with: "{int: [1, 4], when: \"mode in [slow]\"}")
                .replacing("seed: 3", with: "seed: 3, constraints: [\"layers >= 2\"], enqueue: [{mode: fast}]"))
        let space = try study.searchSpace()
        #expect(space.parameters[0].when == ParameterCondition(parameter: "mode", values: [.string("slow")]))
        #expect(space.constraints.count == 1 && study.search.enqueue == [["mode": .string("fast")]])
    }

    @Test func `several objectives are listed under all`() throws {
        let study = try study(
            Self.sample.replacing("minimize: loss", with: "all: [{minimize: loss}, {maximize: speed}]")
                + "\nsubjectTo: [\"memory < 1e9\"]")
        #expect(study.goals.metrics == ["loss", "speed", "memory"])
    }

    @Test func `mistakes are told with their keys`() {
        func codes(_ piece: String, _ other: String) -> [String] {
            SpecSamples.errors(Self.sample.replacing(piece, with: other)).map { "\($0.code) \($0.pointer)" }
        }
        #expect(codes(", minimize: loss", "") == ["E_SPEC_TYPE /objective"])
        #expect(codes("minimize: loss", "minimize: \"a b\"") == ["E_NAME /objective/minimize"])
        #expect(codes("[python3, train.py]", "python3 train.py") == ["E_CMD_FORM /objective/command"])
        #expect(codes("[0.001, 1], log: true", "[0, 1], log: true") == ["E_SPACE_LOG /parameters/rate"])
        #expect(codes("[1, 4]", "[4, 1]") == ["E_SPACE_BOUNDS /parameters/layers"])
        #expect(codes("[1, 4]", "[1, 4], when: mode") == ["E_SPACE_CONDITION /parameters/layers/when"])
        #expect(codes("[1, 4]", "[1, 4], when: mode == idle") == ["E_SPACE_CONDITION /parameters"])
        #expect(codes("minimize: loss", "minimize: loss, all: [{minimize: loss}]") == ["E_SPEC_TYPE /objective/minimize"])
        #expect(codes("job: study", "job: study\ndataset: spx-daily") == ["E_SPEC_UNKNOWN_KEY /dataset"])
    }
}
