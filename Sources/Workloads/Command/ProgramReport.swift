import Foundation

/// What a program reports, one JSON object a line, on the descriptor it is given:
///
///     {"metrics": {"loss": 0.25}, "step": 10, "progress": 0.4, "checkpoint": "step-10.json"}
///
/// Every key may be missing. The last value of a metric counts. The first line that cannot be taken spoils the report: the
/// attempt fails with its error, whatever else it says.
struct ProgramReport {
    private(set) var metrics: [String: Double] = [:]
    /// From 0 to 1.
    private(set) var progress: Double?
    private(set) var error: ProgramError?
    private var line = 0
    private var partial: [UInt8] = []

    static let metricLimit = 256
    static let lineLimit = 65_536

    /// Takes the next bytes; returns the paths of the checkpoints that whole lines named.
    mutating func feed(_ bytes: ArraySlice<UInt8>) -> [String] {
        guard error == nil else { return [] }
        var checkpoints: [String] = []
        var rest = bytes
        while error == nil, let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            partial += rest[..<end]
            rest = rest[(end + 1)...]
            takeLine(&checkpoints)
        }
        if error == nil { partial += rest }
        if partial.count > Self.lineLimit { spoil(.report(line + 1, "is longer than \(Self.lineLimit) bytes")) }
        return checkpoints
    }

    /// The end of the report; a last line without a line break counts.
    mutating func finish() -> [String] { partial.isEmpty ? [] : feed([UInt8(ascii: "\n")]) }

    private struct Line: Decodable {
        var metrics: [String: Double]?
        var progress: Double?
        var checkpoint: String?

        private enum CodingKeys: String, CodingKey { case metrics, step, progress, checkpoint }
        private struct AnyKey: CodingKey {
            var stringValue: String
            var intValue: Int? { nil }
            init(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { nil }
        }

        init(from decoder: any Decoder) throws {
            for key in try decoder.container(keyedBy: AnyKey.self).allKeys where CodingKeys(stringValue: key.stringValue) == nil {
                throw DecodingError.dataCorrupted(
                    .init(codingPath: [], debugDescription: "has a key \(String(key.stringValue.prefix(60)).debugDescription)"))
            }
            let values = try decoder.container(keyedBy: CodingKeys.self)
            metrics = try values.decodeIfPresent([String: Double].self, forKey: .metrics)
            // Told for people who read the report; it has no meaning here but its type.
            _ = try values.decodeIfPresent(Double.self, forKey: .step)
            progress = try values.decodeIfPresent(Double.self, forKey: .progress)
            checkpoint = try values.decodeIfPresent(String.self, forKey: .checkpoint)
        }
    }

    private mutating func takeLine(_ checkpoints: inout [String]) {
        line += 1
        defer { partial = [] }
        guard partial.count <= Self.lineLimit else { return spoil(.report(line, "is longer than \(Self.lineLimit) bytes")) }
        if partial.allSatisfy({ $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\r") || $0 == UInt8(ascii: "\t") }) { return }
        do {
            let found = try JSONDecoder().decode(Line.self, from: Data(partial))
            try take(found, &checkpoints)
        } catch let error as ProgramError {
            spoil(error)
        } catch let error as DecodingError {
            spoil(explain(error))
        } catch {
            spoil(.report(line, "is no JSON object"))
        }
    }

    private mutating func take(_ found: Line, _ checkpoints: inout [String]) throws(ProgramError) {
        for (name, value) in found.metrics ?? [:] {
            guard Self.isName(name) else {
                throw .metric("E_METRIC_NAME", line, "names a metric \(String(name.prefix(60)).debugDescription)")
            }
            guard value.isFinite else { throw .metric("E_METRIC_VALUE", line, "has a metric \(name) that is not finite") }
            metrics[name] = value
        }
        guard metrics.count <= Self.metricLimit else {
            throw .metric("E_METRIC_COUNT", line, "brings more than \(Self.metricLimit) metrics")
        }
        if let value = found.progress {
            guard (0...1).contains(value) else { throw .report(line, "has a progress that is not from 0 to 1") }
            progress = value
        }
        if let checkpoint = found.checkpoint {
            guard Self.isBelow(checkpoint) else { throw .checkpoint(line, checkpoint) }
            checkpoints.append(checkpoint)
        }
    }

    private mutating func spoil(_ found: ProgramError) {
        if error == nil { error = found }
        partial = []
    }

    private func explain(_ error: DecodingError) -> ProgramError {
        switch error {
        case .typeMismatch(_, let context) where context.codingPath.first?.stringValue == "metrics",
            .valueNotFound(_, let context) where context.codingPath.first?.stringValue == "metrics":
            return .metric("E_METRIC_TYPE", line, "has a metric that is no number")
        case .dataCorrupted(let context) where context.debugDescription.hasPrefix("has a key"):
            return .report(line, context.debugDescription)
        default:
            // What several languages write for numbers that JSON does not have.
            let text = String(decoding: partial, as: UTF8.self)
            if text.contains("NaN") || text.contains("Infinity") {
                return .metric("E_METRIC_VALUE", line, "has a number that is not finite")
            }
            return .report(line, "is no JSON object of this form")
        }
    }

    private static func isName(_ name: String) -> Bool {
        (1...64).contains(name.utf8.count) && name.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value < 0x7F && $0 != "\"" }
    }

    /// Whether a path stays below the folder it starts from.
    static func isBelow(_ path: String) -> Bool {
        (1...255).contains(path.utf8.count) && !path.utf8.contains(0) && !path.contains("\\")
            && path.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." }
    }
}
