import ArgumentParser
import Specs

/// `bellwether validate`: checks a spec without running anything.
struct ValidateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate", abstract: "Checks a job's spec and prints every mistake.",
        discussion: """
            EXAMPLES
              bellwether validate jobs/spx-ridge.yaml
            """)

    private struct Verdict: Encodable {
        var file: String
        var name: String
        var kind: String
        var dataset: String?
    }

    @Argument(help: "The job's YAML file, or - for standard input.", completion: .file(extensions: ["yaml", "yml", "json"]))
    var file: String

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let spec = try SpecFile.read(file).spec
        let verdict = Verdict(file: file, name: spec.name, kind: spec.kind.rawValue, dataset: spec.dataset?.name)
        try common.show(verdict) {
            "\(Text.clean(file)): \(verdict.kind) \(Text.clean(verdict.name)) is fine"
                + (verdict.dataset.map { ", it reads dataset \($0)" } ?? "")
        }
    }
}
