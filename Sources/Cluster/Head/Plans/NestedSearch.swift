import Search
import Specs
import SwiftProtobuf
import Wire

/// The search inside one window's train range, and what its winner came to on the test range.
struct NestedSearch: Sendable {
    private(set) var study: Study
    private let goals: Goals
    /// Trials that run, with their parameters as JSON.
    private(set) var open: [Int: String] = [:]
    private(set) var scores: [Int: TrialScore] = [:]
    /// The winner on the test range.
    var judged: ProtoWindowResult?

    init(_ study: Study, goals: Goals) { (self.study, self.goals) = (study, goals) }

    /// The trials that may begin now.
    mutating func next() -> [(number: Int, parameters: String)] {
        var begun: [(number: Int, parameters: String)] = []
        while let trial = study.next() {
            let parameters = CanonicalJSON.encode(trial.parameters)
            open[trial.number] = parameters
            begun.append((trial.number, parameters))
        }
        return begun
    }

    /// Takes the end of a trial up; returns its parameters, or nil for one that does not run.
    mutating func end(_ number: Int, _ score: TrialScore?) -> String? {
        guard let parameters = open.removeValue(forKey: number) else { return nil }
        scores[number] = score
        study.tell(number, score.map { goals.outcome($0.metrics) } ?? .failed)
        return parameters
    }

    /// The parameters of the winner as JSON; nil while trials run and when all have failed.
    var chosen: String? { study.isFinished ? study.best.map { CanonicalJSON.encode($0.parameters) } : nil }
}
