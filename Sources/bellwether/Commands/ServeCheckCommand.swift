import ArgumentParser
import Cluster
import Diagnostics

/// `bellwether serve-check`: asks a serving node how it is.
struct ServeCheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve-check", abstract: "Asks a serving node for its health and metadata.",
        discussion: """
            Ends with exit code 4 when the node does not answer or is not ready.

            EXAMPLES
              bellwether serve-check http://127.0.0.1:8080 --model spx-ridge
              bellwether serve-check http://127.0.0.1:8080 --model spx-ridge --predict
            """)

    @Argument(help: "The node's address.")
    var url: String

    @Option(help: "A model to ask for.")
    var model: String?

    @Flag(help: "Ask the model for one prediction, about a typical row of its training data.")
    var predict = false

    @OptionGroup var common: CommonOptions

    func validate() throws {
        if predict && model == nil { throw ValidationError("--predict needs --model NAME") }
    }

    func run() async throws {
        if predict, let model { return try await showPrediction(of: model) }
        let report = try await withClient { try await $0.report(model: model) }
        try common.show(report) {
            var pairs: [(String, String?)] = [
                ("node", report.url), ("live", report.live ? "yes" : "no"), ("ready", report.ready ? "yes" : "no"),
                ("server", report.server.map { "\($0.name) \($0.version)" }),
            ]
            if model != nil { pairs.append(("model", report.model?.name ?? "not served")) }
            pairs.append(("versions", report.model?.versions?.joined(separator: ", ")))
            pairs.append(("inputs", report.model?.inputs.map { $0.map(tensor).joined(separator: ", ") }))
            pairs.append(("outputs", report.model?.outputs.map { $0.map(tensor).joined(separator: ", ") }))
            return Table.pairs(pairs)
        }
        guard report.live, report.ready, model == nil || report.model != nil else {
            throw CommandError(
                "E_SERVE_NOT_READY", .unavailable,
                "the serving node at \(report.url) is not ready\(model.map { " for \($0)" } ?? "")")
        }
    }

    private func showPrediction(of model: String) async throws {
        let prediction = try await withClient { try await $0.predictTypicalRow(model: model) }
        try common.show(prediction) {
            Table.pairs([
                ("model", "\(prediction.model) version \(prediction.version)"),
                ("asked", prediction.features.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")),
                ("prediction", "\(prediction.prediction)"),
            ])
        }
    }

    /// Calls `body` and closes the connections after it.
    private func withClient<Result>(_ body: (ServingClient) async throws -> Result) async throws -> Result {
        let client = try ServingClient(url: url)
        do {
            let result = try await body(client)
            await client.shutdown()
            return result
        } catch {
            await client.shutdown()
            throw error
        }
    }

    private func tensor(_ tensor: ServingClient.ModelMetadata.Tensor) -> String {
        "\(tensor.name) \(tensor.datatype)[\(tensor.shape.map { "\($0)" }.joined(separator: ","))]"
    }
}
