import Registry
import Specs
import Wire

/// What a run of a program came to.
struct CommandScore: Sendable {
    let objective: Double
    let metrics: [String: Double]
    /// What it left behind: names and hashes.
    private let artifacts: [String]

    /// The result in one line, to the last bit. Made when it is asked for: a head that starts again has no need of it.
    var line: String { Self.line(metrics, artifacts) }

    static let metricsLimit = 256

    /// Throws, as a trial's error, `E_METRIC_MISSING`, `E_METRIC_COUNT` or `E_METRIC_VALUE`: the program has ended well, but
    /// there is nothing to compare it by.
    init(_ result: ProtoCommandResult, goals: Goals) throws(ErrorView) {
        guard result.metrics.count <= Self.metricsLimit else {
            throw ErrorView(code: "E_METRIC_COUNT", message: "the program reported more than \(Self.metricsLimit) metrics")
        }
        for name in goals.metrics where result.metrics[name] == nil {
            throw ErrorView(
                code: "E_METRIC_MISSING", message: "the program did not report the metric \(name)",
                hint: #"it writes {"metrics": {"\#(name)": 1.5}} on the descriptor BELLWETHER_REPORT_FD"#)
        }
        guard result.metrics.values.allSatisfy(\.isFinite) else {
            throw ErrorView(code: "E_METRIC_VALUE", message: "the program reported a metric that is not finite")
        }
        objective = result.metrics[goals.objectives[0].metric] ?? 0
        metrics = result.metrics
        artifacts = Self.artifacts(result)
    }

    private static func artifacts(_ result: ProtoCommandResult) -> [String] { result.artifacts.map { "\($0.name) \($0.sha256)" } }

    /// Metrics by name and artifacts by name.
    private static func line(_ metrics: [String: Double], _ artifacts: [String]) -> String {
        let values = metrics.sorted { $0.key < $1.key }.map { "\($0.key) \(String($0.value.bitPattern, radix: 16))" }
        return (values + artifacts).joined(separator: ", ")
    }

    /// SHA-256 of the task's index and its result, as four numbers that can be added up.
    static func digest(_ result: ProtoCommandResult, of index: Int32) -> SIMD4<UInt64> {
        let hash = Array(ContentHash.sha256("\(index) \(line(result.metrics, artifacts(result)))".utf8).utf8)
        var digest = SIMD4<UInt64>.zero
        for part in 0..<4 {
            digest[part] = UInt64(String(decoding: hash[(part * 16)..<(part * 16 + 16)], as: UTF8.self), radix: 16) ?? 0
        }
        return digest
    }
}
