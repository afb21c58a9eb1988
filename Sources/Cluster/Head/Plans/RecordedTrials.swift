import Scheduling
import Search

/// The points that trials were given before the head started, by number.
///
/// A study that is rebuilt takes them up instead of asking its sampler again: that costs a fraction of the time, and in an
/// asynchronous study the sampler would not say the same.
struct RecordedTrials: Sendable {
    private struct Entry: Sendable {
        var text: String
        var point: [String: ParameterView]
        var isOver: Bool
    }

    private let entries: [Int: Entry]

    static let none = RecordedTrials([])

    init(_ trials: [TrialRecord]) {
        // All of them in one text: to begin decoding costs more than a point does.
        let texts = "[" + trials.map(\.parameters).joined(separator: ",") + "]"
        let points: [[String: ParameterView]] = CanonicalJSON.decode(texts) ?? []
        entries = Dictionary(
            zip(trials, points).map { (Int($0.number), Entry(text: $0.parameters, point: $1, isOver: $0.state != "running")) },
            uniquingKeysWith: { first, _ in first })
    }

    /// Whether the trial was on record, and whether its end was.
    func holds(_ number: Int) -> Bool { !entries.isEmpty && entries[number] != nil }
    func holdsEnd(of number: Int) -> Bool { !entries.isEmpty && entries[number]?.isOver == true }

    /// The study's next trial: the one on record under its number, otherwise what the sampler proposes. Nil when results that it
    /// depends on are missing.
    func next(of study: inout Study) -> (trial: Trial, parameters: String)? {
        if let entry = entries[study.startedCount],
            let resumed = try? study.resume(parameters: entry.point.mapValues(\.searchValue))
        {
            return (resumed, entry.text)
        }
        return study.next().map { ($0, CanonicalJSON.encode($0.parameters)) }
    }
}
