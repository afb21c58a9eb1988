import Search
import Specs

/// The trials of a study that its result shows.
struct StudyViews {
    /// The best trials, best first.
    let leaderboard: [TrialView]
    /// With several objectives the trials that no other one beats, in order of the first objective; nil with one.
    let front: [TrialView]?

    /// The most trials of a leaderboard and of a front.
    private static let leaderboardLimit = 20
    private static let frontLimit = 100

    /// `metrics` has the metrics of each completed trial by its number.
    init(_ study: Study, goals: Goals, metrics: (Int) -> [String: Double]?) {
        func view(_ trial: Trial) -> TrialView {
            TrialView(
                number: Int32(trial.number), state: "succeeded",
                parameters: CanonicalJSON.decode(CanonicalJSON.encode(trial.parameters)) ?? [:], objective: trial.value,
                objectives: goals.objectives.count > 1 ? trial.values : nil,
                violation: goals.limits.isEmpty ? nil : trial.violation, metrics: metrics(trial.number) ?? [:])
        }
        let ranked = study.ranked
        leaderboard = ranked.prefix(Self.leaderboardLimit).map(view)
        guard goals.objectives.count > 1 else {
            front = nil
            return
        }
        let members = Set(study.front.map(\.number))
        front = ranked.filter { members.contains($0.number) }.prefix(Self.frontLimit).map(view)
    }
}
