import Scheduling
import Search

/// The points that trials were given before the head started, by number.
///
/// A study that is rebuilt takes them up instead of asking its sampler again: that costs a fraction of the time, and in an
/// asynchronous study the sampler would not say the same.
struct RecordedTrials: Sendable {
    private let records: [Int: (parameters: String, isOver: Bool)]

    static let none = RecordedTrials([])

    init(_ trials: [TrialRecord]) {
        records = Dictionary(
            trials.map { (Int($0.number), ($0.parameters, $0.state != "running")) }, uniquingKeysWith: { first, _ in first })
    }

    /// Whether the trial was on record, and whether its end was.
    func holds(_ number: Int) -> Bool { !records.isEmpty && records[number] != nil }
    func holdsEnd(of number: Int) -> Bool { !records.isEmpty && records[number]?.isOver == true }

    /// The study's next trial: the one on record under its number, otherwise what the sampler proposes.
    func next(of study: inout Study) -> (trial: Trial, parameters: String)? {
        if let text = records[study.startedCount]?.parameters,
            let parameters: [String: ParameterValue] = CanonicalJSON.decode(text),
            let resumed = try? study.resume(parameters: parameters)
        {
            return (resumed, text)
        }
        return study.next().map { ($0, CanonicalJSON.encode($0.parameters)) }
    }
}
