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
    }

    /// Those that were not taken up yet.
    private var entries: [Int: Entry]
    /// For each trial on record, by number, whether its end was.
    private let isOver: [Bool]

    static let none = RecordedTrials([])

    /// `trials` are all of a study's, in order of number.
    init(_ trials: [TrialRecord]) {
        // All of them in one text: to begin decoding costs more than a point does.
        let texts = "[" + trials.map(\.parameters).joined(separator: ",") + "]"
        let points: [[String: ParameterView]] = trials.isEmpty ? [] : CanonicalJSON.decode(texts) ?? []
        entries = Dictionary(
            zip(trials, points).map { (Int($0.number), Entry(text: $0.parameters, point: $1)) },
            uniquingKeysWith: { first, _ in first })
        isOver = trials.map { $0.state != "running" }
    }

    /// Whether the trial was on record, and whether its end was.
    func holds(_ number: Int) -> Bool { number < isOver.count }
    func holdsEnd(of number: Int) -> Bool { number < isOver.count && isOver[number] }

    /// The study's next trial: the one on record under its number, otherwise what the sampler proposes. Nil when results that it
    /// depends on are missing.
    mutating func next(of study: inout Study) -> (trial: Trial, parameters: String)? {
        let number = study.startedCount
        if let entry = entries[number], let resumed = try? study.resume(parameters: entry.point.mapValues(\.searchValue)) {
            entries[number] = nil
            return (resumed, entry.text)
        }
        return study.next().map { ($0, CanonicalJSON.encode($0.parameters)) }
    }
}
