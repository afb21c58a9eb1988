import Scheduling
import Search
import Specs
import TestSupport
import Testing

@Suite struct GangSpecTests {
    private static let command = "job: command\nname: c\ncommand: [./x]\n"

    @Test func `a gang's members are tasks of their own with the same parameters`() throws {
        let spec = try JobSpec.parse(text: Self.command + "tasks: [{rate: 0.5}, {rate: 0.25}]\ngang: 3\n")
        guard case .command(let command) = spec.body else { throw SpecSamples.Unexpected() }
        #expect(command.taskCount == 6 && command.length == 2 && spec.demand.gang == 3)
        #expect((0..<6).map { command.parameters(of: $0)["rate"]?.number } == [0.5, 0.5, 0.5, 0.25, 0.25, 0.25])
        #expect(try JobSpec.parse(text: spec.canonicalJSON()) == spec)
        #expect(!(try JobSpec.parse(text: Self.command).canonicalJSON().contains("gang")))
    }

    @Test(arguments: [
        ("gang: 0", "E_SPEC_RANGE"), ("gang: 1025", "E_SPEC_RANGE"), ("gang: two", "E_SPEC_TYPE"),
        ("gang: 3\nmaxRunning: 2", "E_SPEC_RANGE"), ("gang: 1000\ntasks: 1001", "E_SPEC_RANGE"),
    ])
    func `what makes no sense is refused`(lines: String, code: String) {
        #expect(SpecSamples.errors(Self.command + lines + "\n").map(\.code) == [code])
    }

    @Test func `only commands have gangs`() {
        #expect(SpecSamples.errors("job: drill\nname: d\ntasks: 3\ngang: 2\n").map(\.code) == ["E_SPEC_UNKNOWN_KEY"])
    }
}
