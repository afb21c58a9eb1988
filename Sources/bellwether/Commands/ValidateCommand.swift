import ArgumentParser
import Specs

/// `bellwether validate`: checks specs without running anything.
struct ValidateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate", abstract: "Checks jobs' specs and prints every mistake.",
        discussion: """
            Several specs are checked as a set: each job that one of them depends on must
            be among them, and none may wait for itself. They are listed in an order in
            which they could run.

            EXAMPLES
              bellwether validate jobs/spx-ridge.yaml
              bellwether validate jobs/*.yaml
            """)

    /// What `--json` prints.
    private struct View: Encodable {
        struct Spec: Encodable {
            var name: String
            var kind: String
            var dataset: String?
            var dependsOn: [String]
        }
        var specs: [Spec]
    }

    @Argument(help: "The jobs' YAML files, or - for standard input.", completion: .file(extensions: ["yaml", "yml", "json"]))
    var files: [String]

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let specs = try JobSpec.parse(set: files.map { try SpecFile.source($0) })
        let view = View(
            specs: specs.map {
                View.Spec(name: $0.name, kind: $0.kind.rawValue, dataset: $0.dataset?.name, dependsOn: $0.dependsOn)
            })
        try common.show(view) {
            view.specs.map { spec in
                "\(spec.kind) \(Text.clean(spec.name)) is fine" + (spec.dataset.map { ", it reads dataset \($0)" } ?? "")
                    + (spec.dependsOn.isEmpty ? "" : ", it waits for \(spec.dependsOn.joined(separator: ", "))")
            }.joined(separator: "\n")
        }
    }
}
