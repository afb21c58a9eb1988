import ArgumentParser
import Cluster

/// `bellwether study show`: the leaderboard, or what there is of it.
struct StudyShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Shows a study's best trials, or all of them in order.",
        discussion: """
            EXAMPLES
              bellwether study show 3
              bellwether study show 3 --all
            """)

    /// What `--json` prints.
    private struct View: Encodable {
        var job: JobView
        var trials: [TrialView]
    }

    @OptionGroup var argument: JobArgument

    @Flag(help: "Every trial in order of number.")
    var all = false

    @OptionGroup var options: HeadOptions

    func run() async throws {
        let view = try await options.withHead {
            View(job: try await $0.job(argument.job), trials: try await $0.trials(of: argument.job))
        }
        try options.common.show(view) {
            let states = Dictionary(grouping: view.trials, by: \.state).sorted { $0.key < $1.key }
            let counts = states.map { "\($0.value.count) \($0.key)" }.joined(separator: ", ")
            let head =
                "\(JobText.title(view.job)) \(view.job.state), \(Text.count(view.trials.count, "trial"))"
                + (counts.isEmpty ? "" : ": \(counts)")
            let leaderboard = all ? nil : view.job.result?.leaderboard
            let table = leaderboard.map { TrialText.table($0, isRanked: true) } ?? TrialText.table(view.trials)
            let pruning = TrialText.pruning(view.job.result?.pruning ?? view.job.progress?.pruning)
            return [head, pruning, table, TrialText.failures(view.trials)].compactMap { $0 }.joined(separator: "\n\n")
        }
    }
}
