import Search
import Specs
import Testing

@Suite struct CommandSpecTests {
    private static let start = "job: command\nname: c\ncommand: [python3, train.py, 20]\n"

    private func command(_ text: String) throws -> CommandSpec {
        let spec = try JobSpec.parse(text: Self.start + text)
        #expect(try JobSpec.parse(text: spec.canonicalJSON()) == spec)
        guard case .command(let command) = spec.body else { throw SpecSamples.Unexpected() }
        return command
    }

    private func codes(_ text: String) -> [String] {
        SpecSamples.errors(Self.start + text).map { "\($0.code) \($0.pointer)" }
    }

    @Test func `a command alone is one task without limits`() throws {
        let command = try command("")
        #expect(command.program.arguments == ["python3", "train.py", "20"])
        #expect(command.tasks == .count(1))
        #expect(command.program.limits == .none)
        #expect(command.parameters(of: 0) == [:])
    }

    @Test func `a job array has a number of like tasks, or one for each set of parameters`() throws {
        #expect(try command("tasks: 5").taskCount == 5)
        let sets = try command("parameters: {rate: 0.5, mode: fast, epochs: 3}\ntasks: [{rate: 0.1}, {rate: 1, mode: slow}, {}]")
        #expect(sets.taskCount == 3)
        #expect(sets.parameters(of: 0) == ["rate": .double(0.1), "mode": .string("fast"), "epochs": .int(3)])
        #expect(sets.parameters(of: 1) == ["rate": .int(1), "mode": .string("slow"), "epochs": .int(3)])
        #expect(sets.parameters(of: 2) == sets.program.parameters)
        #expect(sets.parameters(of: 3) == sets.program.parameters)
    }

    @Test func `limits, outputs and files are read`() throws {
        let text = """
            limits: {memory: 64MiB, cpu: 10, grace: 500ms}
            outputs: [model.bin, plots/loss.csv]
            files:
              a.py: {text: "print(1)\\n"}
              z: {base64: "AP8=", executable: true}
              beside.txt: {}
              big: {sha256: \(String(repeating: "ab", count: 32))}
            """
        let program = try command(text).program
        #expect(program.limits == CommandLimits(memory: 64 << 20, cpuSeconds: 10, graceMilliseconds: 500))
        #expect(program.outputs == ["model.bin", "plots/loss.csv"])
        #expect(
            program.files == [
                CommandFile(name: "a.py", content: .bytes(Array("print(1)\n".utf8))),
                CommandFile(name: "beside.txt", content: .beside),
                CommandFile(name: "big", content: .artifact(String(repeating: "ab", count: 32))),
                CommandFile(name: "z", isExecutable: true, content: .bytes([0, 255])),
            ])
    }

    @Test func `what does not fit is refused at its key`() {
        #expect(codes("tasks: 0") == ["E_SPEC_RANGE /tasks"])
        #expect(codes("tasks: 1000001") == ["E_SPEC_RANGE /tasks"])
        #expect(codes("tasks: []") == ["E_SPEC_RANGE /tasks"])
        #expect(codes("tasks: [{a: [1]}]") == ["E_SPEC_TYPE /tasks/0/a"])
        #expect(codes("tasks: [{a: no}]") == ["E_SPEC_TYPE /tasks/0/a"])
        #expect(codes("parameters: {rate: .nan}") == ["E_SPEC_RANGE /parameters/rate"])
        #expect(codes("parameters: {\"a b\": 1}") == ["E_NAME /parameters/a b"])
        #expect(codes("limits: {memory: 1KiB}") == ["E_SPEC_RANGE /limits/memory"])
        #expect(codes("limits: {cpu: 0}") == ["E_SPEC_RANGE /limits/cpu"])
        #expect(codes("limits: {mem: 1GiB}") == ["E_SPEC_UNKNOWN_KEY /limits/mem"])
        #expect(codes("files: [a, a]") == ["E_FILE_TWICE /files"])
        #expect(codes("files: {a: {text: x, base64: eA==}}") == ["E_SPEC_TYPE /files/a"])
        #expect(codes("files: {a: {base64: \"%%\"}}") == ["E_SPEC_TYPE /files/a/base64"])
        #expect(codes("files: {a: {sha256: \"12\"}}") == ["E_SPEC_TYPE /files/a/sha256"])
        #expect(codes("files: {a: {text: \"\(String(repeating: "x", count: 600_000))\"}}") == ["E_FILE_SIZE /files"])
        #expect(codes("shell: true") == ["E_SPEC_UNKNOWN_KEY /shell"])
    }

    @Test func `arguments are literal`() throws {
        let spec = try JobSpec.parse(text: "job: command\nname: c\ncommand: [echo, \"$HOME; rm -rf *\", \"{{x}}\", \"`id`\"]")
        guard case .command(let command) = spec.body else { throw SpecSamples.Unexpected() }
        #expect(command.program.arguments == ["echo", "$HOME; rm -rf *", "{{x}}", "`id`"])
    }
}
