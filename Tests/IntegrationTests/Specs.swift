import Foundation
import TestSupport

/// Specs that the tests of this folder run: small enough to be quick, large enough to be killed in the middle.
enum TestSpecs {
    /// A study of a ridge regression; `trials` of 19 windows each on 1,500 bars.
    static func study(dataset: String, model: String = "test-ridge", trials: Int, then: String = "") -> String {
        """
        job: study
        name: \(model)
        dataset: \(dataset)
        strategy:
          features: [return_1, return_5, volatility_21, zscore_20]
          label: {forwardReturn: 5}
          model: {kind: ridge, l2: {float: [1.0e-3, 1.0e3], log: true}}
          position: {kind: sign, threshold: {float: [0.0, 0.5]}}
        walkForward: {kind: rolling, train: 252, test: 63, step: 63, purge: 5}
        costs: {commission: 0.0005, slippage: 0.0005}
        search: {sampler: tpe, trials: \(trials), seed: 11, parallelTrials: 4}
        objective: {maximize: sharpe}
        retry: {maximum: 3, backoff: 50ms, limit: 1s}
        \(then)
        """
    }

    /// The spec `jobs/NAME.yaml` with pieces of its text replaced, each of which must be there.
    static func shipped(_ name: String, _ cuts: KeyValuePairs<String, String> = [:]) throws -> String {
        var text = try String(contentsOf: SharedData.root.appendingPathComponent("jobs/\(name).yaml"), encoding: .utf8)
        for (piece, replacement) in cuts {
            guard text.contains(piece) else { throw Program.Failure(description: "jobs/\(name).yaml has no '\(piece)'") }
            text = text.replacing(piece, with: replacement)
        }
        return text
    }

    /// The arguments that make `bellwether` bring in the dataset `spx-daily`: the real one, or a synthetic market of its size;
    /// `without` the newest bars.
    static func importSPX(_ home: TemporaryHome, without newest: Int = 0) throws -> [String] {
        guard let file = SharedData.file("spx-daily.csv") else {
            return ["data", "synth", "--name", "spx-daily", "--symbols", "1", "--bars", "\(5_031 - newest)", "--seed", "3"]
        }
        let rows = try String(contentsOfFile: file, encoding: .utf8).split(whereSeparator: \.isNewline).dropLast(newest)
        return ["data", "import", try home.write("spx-daily.csv", rows.joined(separator: "\n") + "\n"), "--name", "spx-daily"]
    }

    static func registering(_ model: String, promote: String = "", retrain: String = "") -> String {
        """
        then:
          register: {model: \(model)}
        \(promote)
        \(retrain)
        """
    }
}
