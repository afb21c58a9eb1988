import Search
import Specs
import Testing

@Suite struct PrunerSpecTests {
    private let search = "search: {sampler: tpe, trials: 20, seed: 3}"

    private func text(_ pruner: String) -> String {
        SpecSamples.study(search, "search: {trials: 20, pruner: \(pruner)}")
    }

    private func pruner(_ body: String) throws -> PrunerSpec {
        guard case .study(let study) = try JobSpec.parse(text: text(body)).body, let pruner = study.search.pruner
        else { throw SpecSamples.Unexpected() }
        return pruner
    }

    @Test(arguments: [
        ("window", PruningRule.window(level: 0.1)), ("{kind: window, level: 0.05}", .window(level: 0.05)),
        ("median", .percentile(share: 0.5, startup: 5)), ("{kind: median, startup: 9}", .percentile(share: 0.5, startup: 9)),
        ("{kind: percentile, keep: 0.25}", .percentile(share: 0.25, startup: 5)),
        ("{kind: threshold, lower: -1}", .threshold(-1...Double.infinity)),
        ("{kind: threshold, lower: 0, upper: 2.5}", .threshold(0...2.5)),
        ("patience", .patience(rungs: 5, margin: 0)),
        ("{kind: patience, patience: 2, margin: 0.1}", .patience(rungs: 2, margin: 0.1)),
        ("halving", .halving(reduction: 4)), ("{kind: halving, reduction: 3}", .halving(reduction: 3)),
        ("hyperband", .hyperband(reduction: 3)),
    ])
    func `every rule has its kind and defaults, and reads back from the canonical form`(body: String, rule: PruningRule) throws {
        #expect(try pruner(body).rule == rule)
        let spec = try JobSpec.parse(text: text(body))
        #expect(try JobSpec.parse(text: spec.canonicalJSON()) == spec)
    }

    @Test func `rungs lie evenly or grow, and windows of a ladder are spread`() throws {
        #expect(try pruner("window").rungs(of: 8) == [4, 5, 6, 7, 8])
        #expect(try pruner("{kind: window, first: 2, every: 3}").rungs(of: 8) == [2, 5, 8])
        #expect(try pruner("{kind: median, first: 3, every: 2}").rungs(of: 8) == [3, 5, 7, 8])
        #expect(try pruner("halving").rungs(of: 67) == [5, 20, 67])
        #expect(try pruner("{kind: halving, first: 8}").rungs(of: 67) == [8, 32, 67])
        #expect(try pruner("hyperband").rungs(of: 81) == [3, 9, 27, 81])
        #expect(try pruner("halving").order == .spread && pruner("median").order == .chronological)
        #expect(try pruner("{kind: median, order: spread}").order == .spread)
        #expect(StepOrder.spread.steps(6) == [0, 4, 2, 1, 5, 3])
        for count in 0...70 { #expect(StepOrder.spread.steps(count).sorted() == Array(0..<count)) }
    }

    @Test(arguments: [
        ("best", "E_SPEC_RANGE", ""), ("{}", "E_SPEC_MISSING", "/kind"), ("{kind: widow}", "E_SPEC_RANGE", "/kind"),
        ("{kind: window, level: 0}", "E_SPEC_RANGE", "/level"), ("{kind: window, level: high}", "E_SPEC_TYPE", "/level"),
        ("{kind: window, first: 1}", "E_SPEC_RANGE", "/first"), ("{kind: window, order: spread}", "E_SPEC_UNKNOWN_KEY", "/order"),
        ("{kind: median, every: 0}", "E_SPEC_RANGE", "/every"), ("{kind: median, keep: 0.5}", "E_SPEC_UNKNOWN_KEY", "/keep"),
        ("{kind: percentile}", "E_SPEC_MISSING", "/keep"), ("{kind: percentile, keep: 25}", "E_SPEC_RANGE", "/keep"),
        ("{kind: threshold}", "E_SPEC_MISSING", ""), ("{kind: threshold, lower: 2, upper: 1}", "E_SPEC_RANGE", "/upper"),
        ("{kind: patience, patience: -1}", "E_SPEC_RANGE", "/patience"),
        ("{kind: halving, reduction: 1}", "E_SPEC_RANGE", "/reduction"),
        ("{kind: halving, every: 2}", "E_SPEC_UNKNOWN_KEY", "/every"),
        ("{kind: halving, steps: 9}", "E_SPEC_UNKNOWN_KEY", "/steps"),
        ("{kind: halving, order: random}", "E_SPEC_RANGE", "/order"), ("[window]", "E_SPEC_TYPE", ""),
    ])
    func `a mistake in the pruner is reported where it is`(body: String, code: String, pointer: String) {
        let errors = SpecSamples.errors(text(body))
        #expect(errors.map(\.code) == [code], "\(errors)")
        #expect(errors.first?.pointer == "/search/pruner" + pointer, "\(errors)")
    }

    @Test func `a pruner judges one objective`() {
        let several = text("window").replacing("{maximize: sharpe}", with: "[{maximize: sharpe}, {minimize: volatility}]")
        let errors = SpecSamples.errors(several)
        #expect(errors.map(\.code) == ["E_SPEC_RANGE"] && errors.first?.pointer == "/search", "\(errors)")
    }

    @Test func `a pruner and an order that nobody waits in are not for one study`() {
        let errors = SpecSamples.errors(SpecSamples.study(search, "search: {trials: 20, order: asynchronous, pruner: window}"))
        #expect(errors.map(\.code) == ["E_SPEC_RANGE"] && errors.first?.pointer == "/search/order", "\(errors)")
        #expect(errors.first?.hint == "leave order out, or pruner")
        let reproducible = SpecSamples.study(search, "search: {trials: 20, order: reproducible, pruner: window}")
        #expect(SpecSamples.errors(reproducible).isEmpty)
    }

    @Test(arguments: [
        ("pruner", "{kind: halving, steps: 9}"), ("population", "{steps: 20, every: 5}"),
    ])
    func `what ends or changes programs early is not for trials outside the cluster`(key: String, body: String) {
        func text(_ objective: String, _ more: String = "") -> String {
            """
            job: study
            name: outside
            parameters: {x: {float: [0, 1]}}
            search: {trials: 8, \(more)\(key): \(body)}
            objective: {\(objective), minimize: loss}
            """
        }
        #expect(SpecSamples.errors(text("command: [train]")).isEmpty)
        let errors = SpecSamples.errors(text("external: {lease: 60s}"))
        #expect(errors.map(\.code) == ["E_SPEC_RANGE"] && errors.first?.pointer == "/search/\(key)", "\(errors)")
        #expect(errors.first?.hint?.hasPrefix("leave \(key) out") == true)
        let asynchronous = SpecSamples.errors(text("command: [train]", "order: asynchronous, "))
        #expect(asynchronous.map(\.code) == ["E_SPEC_RANGE"] && asynchronous.first?.pointer == "/search/order")
    }

    @Test func `a nested search has no pruner`() {
        let nested = KindSpecTests.nested.replacing("seed: 1}", with: "seed: 1, pruner: window}")
        let errors = SpecSamples.errors(nested)
        #expect(errors.map(\.code) == ["E_SPEC_RANGE"] && errors.first?.pointer == "/search/pruner", "\(errors)")
    }

    @Test func `results of windows hold what a pruner judges them by, so they are not kept for studies that judge otherwise`()
        throws
    {
        let plain = try JobSpec.parse(text: SpecSamples.study(search, "search: {trials: 20}"))
        let pruned = try JobSpec.parse(text: text("window"))
        let other = try JobSpec.parse(text: text("median").replacing("maximize: sharpe", with: "maximize: totalReturn"))
        #expect(Set([plain, pruned, other].map(\.windowContext)).count == 3)
        #expect(try JobSpec.parse(text: text("median")).windowContext == pruned.windowContext)
        #expect(pruned.windowObjective == "sharpe" && plain.windowObjective == nil)
    }

    @Test func `a pruner that cannot look before the last window is refused when the windows are known`() throws {
        let spec = try JobSpec.parse(text: text("{kind: halving, first: 8}"))
        // 500 bars to train on, then 63 a window.
        try spec.checkWindows(bars: 505 + 9 * 63)
        let error = #expect(throws: SpecErrors.self) { try spec.checkWindows(bars: 505 + 8 * 63) }
        #expect(error?.errors.first?.code == "E_WINDOW_COUNT" && error?.errors.first?.pointer == "/search/pruner")
        #expect(error?.errors.first?.hint?.isEmpty == false)
    }
}
