import Foundation
import TestSupport
import Testing

@Suite(.serialized) struct ConfigurationTests {
    @Test("The programs start with the settings that are shipped in cluster/ and do their work")
    func shippedSettingsWork() async throws {
        let home = try TemporaryHome()
        // Only what a test must not share with others is given on top: ports and folders.
        let head = try Program(
            "bellwether-head",
            [
                "--config", Self.settings("head"), "--home", home.path, "--http", "127.0.0.1:0", "--workers-endpoint",
                "tcp://127.0.0.1:*",
            ])
        defer { head.stop() }
        let ready = try JSONDecoder().decode(Ready.self, from: Data(head.line(beginningWith: "ready ").utf8))
        let worker = try Program(
            "bellwether-worker",
            ["--config", Self.settings("worker"), "--head", ready.workers, "--home", home.path + "/worker", "--cpu", "1"])
        defer { worker.stop() }
        func bellwether(_ arguments: String...) throws {
            let result = try Program.run(
                "bellwether", arguments + ["--home", home.path], environment: ["BELLWETHER_HEAD": ready.http])
            try #require(result.status == 0, "\(arguments): \(result.errors)")
        }
        try bellwether("data", "synth", "--name", "market", "--symbols", "1", "--bars", "800", "--seed", "2")
        // The model that cluster/serve.yaml names.
        let spec = TestSpecs.study(
            dataset: "market", model: "spx-ridge", trials: 1, then: TestSpecs.registering("spx-ridge"))
        try bellwether("submit", home.write("job.yaml", spec), "--follow")
        try bellwether("models", "promote", "spx-ridge", "1", "--alias", "champion", "--reason", "test")
        let node = try Program(
            "bellwether-serve",
            [
                "--config", Self.settings("serve"), "--registry", "sqlite:\(home.path)/store.db", "--home", home.path, "--port",
                "0",
            ])
        defer { node.stop() }
        let serving = try JSONDecoder().decode(Serving.self, from: Data(node.line(beginningWith: "ready ").utf8))
        try bellwether("serve-check", serving.http, "--model", "spx-ridge", "--predict")
    }

    private struct Ready: Decodable {
        var http: String
        var workers: String
    }

    private struct Serving: Decodable { var http: String }

    private static func settings(_ program: String) -> String {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../cluster/\(program).yaml")
            .standardized.path
    }
}
