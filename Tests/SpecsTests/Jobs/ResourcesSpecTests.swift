import Scheduling
import Specs
import TestSupport
import Testing

/// What tasks ask for, and of their workers.
@Suite struct ResourcesSpecTests {
    private static let drill = "job: drill\nname: d\ntasks: 3\n"

    @Test func `gpus, named resources and fractions are counted in thousandths`() throws {
        let spec = try JobSpec.parse(
            text: Self.drill + "resources: {cpu: 0.07, memory: 1GiB, gpu: 0.25, named: {licence: 2, disk-io: 0.5}}\n")
        let others = NamedAmounts([("licence", 2_000), ("disk-io", 500)])
        #expect(spec.resources == Resources(milliCPU: 70, memory: 1 << 30, milliGPU: 250, others: others))
        #expect(spec.alternatives.isEmpty)
        #expect(try JobSpec.parse(text: spec.canonicalJSON()) == spec)
        // What asks for neither is the job it was before they existed.
        let plain = try JobSpec.parse(text: Self.drill).canonicalJSON()
        #expect(plain.contains(#""resources":{"cpu":1,"memory":536870912}"#) && !plain.contains("where"))
    }

    @Test func `a list of resources is a choice, the first one preferred`() throws {
        let spec = try JobSpec.parse(text: Self.drill + "resources: [{cpu: 4}, {cpu: 1, gpu: 1}]\n")
        #expect(spec.resources.milliCPU == 4_000 && spec.alternatives.map(\.milliGPU) == [1_000])
        #expect(spec.demand.choices.map(\.milliCPU) == [4_000, 1_000])
        #expect(try JobSpec.parse(text: spec.canonicalJSON()) == spec)
    }

    @Test func `labels of the worker are one value or one of several`() throws {
        let spec = try JobSpec.parse(text: Self.drill + "where: {zone: a, disk: [ssd, nvme, ssd]}\n")
        #expect(spec.conditions == [LabelCondition("disk", ["nvme", "ssd"]), LabelCondition("zone", ["a"])])
        #expect(try JobSpec.parse(text: spec.canonicalJSON()) == spec)
    }

    @Test(arguments: [
        ("resources: {gpu: 1.5}", "E_SPEC_RANGE"), ("resources: {gpu: 17}", "E_SPEC_RANGE"),
        ("resources: {gpu: -1}", "E_SPEC_RANGE"),
        ("resources: {cpu: 0.0015}", "E_SPEC_RANGE"), ("resources: {gpu: 0.33333}", "E_SPEC_RANGE"),
        ("resources: []", "E_SPEC_RANGE"),
        ("resources: {named: {cpu: 1}}", "E_SPEC_RANGE"), ("resources: {named: {Licence: 1}}", "E_SPEC_RANGE"),
        ("resources: {named: {licence: 0}}", "E_SPEC_RANGE"),
        ("resources: {named: {a: 1, b: 1, c: 1, d: 1, e: 1}}", "E_SPEC_RANGE"),
        ("resources: {named: [a]}", "E_SPEC_TYPE"), ("resources: {licence: 1}", "E_SPEC_UNKNOWN_KEY"),
        ("resources: [{cpu: 1}, {cpu: many}]", "E_SPEC_TYPE"), ("where: zone", "E_SPEC_TYPE"),
        ("where: {zone: 3}", "E_SPEC_TYPE"),
        ("where: {zone: []}", "E_SPEC_RANGE"), ("where: {zone: \"a b\"}", "E_SPEC_RANGE"),
    ])
    func `what makes no sense is refused with its place`(line: String, code: String) throws {
        let errors = SpecSamples.errors(Self.drill + line + "\n")
        #expect(errors.map(\.code) == [code])
        #expect(errors.first?.place.map { "\($0)".hasPrefix("job.yaml:4:") } == true)
    }
}
