import Diagnostics
import Search
import Specs
import Testing

@Suite struct SearchSpecTests {
    private let search = "search: {sampler: tpe, trials: 20, seed: 3}"

    private func study(_ text: String) throws -> StudySpec {
        guard case .study(let study) = try JobSpec.parse(text: text).body else { throw SpecSamples.Unexpected() }
        return study
    }

    @Test func `a study that names no sampler uses auto`() throws {
        let study = try study(SpecSamples.study(search, "search: {trials: 20}"))
        #expect(study.search.sampler == .auto)
        #expect(study.search.constraints.isEmpty && study.search.enqueue.isEmpty)
    }

    @Test(arguments: SamplerKind.allCases.filter { $0 != .grid })
    func `every sampler has a name`(kind: SamplerKind) throws {
        let text = SpecSamples.study("sampler: tpe", "sampler: \(kind.rawValue)")
        #expect(try study(text).search.sampler == kind)
        #expect(try JobSpec.parse(text: JobSpec.parse(text: text).canonicalJSON()) == JobSpec.parse(text: text))
    }

    @Test func `the order is reproducible unless the spec says otherwise`() throws {
        #expect(try study(SpecSamples.study(search, "search: {trials: 20}")).search.order == .reproducible)
        let text = SpecSamples.study(search, "search: {trials: 20, order: asynchronous}")
        #expect(try study(text).search.order == .asynchronous)
        #expect(try JobSpec.parse(text: JobSpec.parse(text: text).canonicalJSON()) == JobSpec.parse(text: text))
        // Specs that say nothing keep their hash.
        #expect(try !JobSpec.parse(text: SpecSamples.study(search, "search: {trials: 20}")).canonicalJSON().contains("order"))
        let wrong = SpecSamples.errors(SpecSamples.study(search, "search: {trials: 20, order: asynchron}"))
        #expect(wrong.map(\.code) == ["E_SPEC_RANGE"] && wrong.first?.pointer == "/search/order")
        #expect(wrong.first?.hint?.contains("asynchronous") == true)
    }

    @Test func `conditions, ordered choices and enqueued points read back from the canonical form`() throws {
        let text = SpecSamples.study("l2: {float: [0.001, 100.0], log: true}", "l2: {ordinal: [0.01, 1, 10]}").replacing(
            search,
            with: "search: {trials: 20, constraints: [\"model.l2 > 2*position.threshold\"], enqueue: [{model.l2: 10}, {}]}")
        let spec = try JobSpec.parse(text: text)
        #expect(try JobSpec.parse(text: spec.canonicalJSON()) == spec)
        let study = try study(text)
        #expect(study.search.enqueue == [["model.l2": .double(10)], [:]])
        let space = try study.searchSpace()
        #expect(space.parameters.first?.distribution == .ordinal([.double(0.01), .double(1), .double(10)]))
        #expect(space.constraints.map(\.text) == ["model.l2 > 2*position.threshold"])
    }

    @Test func `an older study is named or numbered, with a mapping`() throws {
        for source in ["study: ridge-1", "job: 4", "study: ridge-1, job: 4"] {
            let text = SpecSamples.study(
                search, "search: {trials: 9, warmStart: {\(source), map: {l2: model.l2}, fill: {position.threshold: 0.1}}}")
            let spec = try JobSpec.parse(text: text)
            #expect(try JobSpec.parse(text: spec.canonicalJSON()) == spec)
            let warmStart = try #require(try study(text).search.warmStart)
            #expect(warmStart.study == (source.contains("study") ? "ridge-1" : nil))
            #expect(warmStart.job == (source.contains("job") ? 4 : nil))
            #expect(warmStart.reading.map == ["l2": "model.l2"])
            #expect(warmStart.reading.fill == ["position.threshold": .double(0.1)])
        }
    }

    @Test func `a grid counts the points that its conditions leave`() throws {
        let text = SpecSamples.study("l2: {float: [0.001, 100.0], log: true}", "l2: {choice: [0.1, 0.3]}")
            .replacing("{float: [0.0, 0.5]}", with: "{float: [0.0, 0.5], step: 0.1}")
            .replacing(search, with: "search: {sampler: grid, constraints: [\"position.threshold < model.l2\"]}")
        // 0 lies below 0.1; 0, 0.1 and 0.2 below 0.3.
        #expect(try study(text).search.trials == 4)
    }

    @Test(arguments: [
        ("{sampler: best, trials: 20}", "E_SPEC_RANGE", "/search/sampler"),
        ("{trials: 20, constraints: [\"model.l2 ! 3\"]}", "E_SPACE_CONSTRAINT", "/search/constraints/0"),
        ("{trials: 20, constraints: [\"model.l3 < 3\"]}", "E_SPACE_CONSTRAINT", "/search/constraints"),
        ("{trials: 20, constraints: [\"model.l2 > 3000\"]}", "E_SPACE_EMPTY", "/search/constraints"),
        ("{trials: 20, constraints: model.l2 < 3}", "E_SPEC_TYPE", "/search/constraints"),
        ("{trials: 20, enqueue: [{model.l2: 1000}]}", "E_SPACE_BOUNDS", "/search/enqueue/0/model.l2"),
        ("{trials: 20, enqueue: [{}, {model.l3: 1}]}", "E_SPACE_BOUNDS", "/search/enqueue/1/model.l3"),
        ("{trials: 20, enqueue: [{model.l2: ridge}]}", "E_SPEC_TYPE", "/search/enqueue/0/model.l2"),
        ("{trials: 1, enqueue: [{}, {}]}", "E_SPEC_RANGE", "/search/enqueue"),
        ("{trials: 1, warmStart: {map: {}}}", "E_SPEC_TYPE", "/search/warmStart"),
        ("{trials: 1, sampler: sobol, warmStart: {job: 1}}", "E_WARM_START", "/search/warmStart"),
        ("{trials: 1, warmStart: {job: 1, map: {l2: model.l3}}}", "E_WARM_START", "/search/warmStart"),
        ("{trials: 1, warmStart: {study: old, fill: {model.l2: 1000}}}", "E_WARM_START", "/search/warmStart"),
        ("{trials: 1, warmStart: {job: 0}}", "E_SPEC_RANGE", "/search/warmStart/job"),
    ])
    func `a mistake in the search is reported where it is`(body: String, code: String, pointer: String) throws {
        let errors = SpecSamples.errors(SpecSamples.study(search, "search: \(body)"))
        #expect(errors.map(\.code) == [code])
        #expect(errors.map(\.pointer) == [pointer])
        guard case .text(_, let line, _)? = errors.first?.place else { throw SpecSamples.Unexpected() }
        #expect(line == 10)
    }
}
