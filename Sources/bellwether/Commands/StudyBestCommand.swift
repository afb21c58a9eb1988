import ArgumentParser
import Cluster
import Diagnostics

/// `bellwether study best`: the best trial with everything it has, and what that is worth.
struct StudyBestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "best", abstract: "Shows the best trial so far, and what it is worth.",
        discussion: """
            Besides parameters and metrics: the number of trials it was picked from, those of
            earlier studies on the same dataset included; its deflated Sharpe ratio; the
            probability that picking it is overfitting; how the objective falls off around
            it; and how much each parameter mattered.

            A study of several objectives that has ended has a front instead of one best: the trials that no other one
            beats in all of them.

            EXAMPLES
              bellwether study best 3
              bellwether study best 3 --robust
            """)

    @OptionGroup var argument: JobArgument

    @Flag(help: "The trial whose surroundings are best, instead of the best trial.")
    var robust = false

    @OptionGroup var options: HeadOptions

    /// What `--json` prints for a study of several objectives.
    private struct FrontView: Encodable {
        var front: [TrialView]
        var hypervolume: Double?
    }

    func run() async throws {
        let (study, result) = try await options.withHead { client in
            let job = try await client.job(argument.job)
            guard job.kind == "study" else {
                throw CommandError(
                    "E_TRIAL_UNKNOWN", .input, "job \(job.id) has no trial that succeeded",
                    hint: "it is a \(job.kind), not a study")
            }
            let study = try await client.study(of: job.id)
            guard study.best != nil else {
                throw CommandError("E_TRIAL_UNKNOWN", .input, "job \(job.id) has no trial that succeeded")
            }
            return (study, job.result)
        }
        guard let front = result?.front, !robust else {
            return try options.common.show(study) { StudyText.best(study, robust: robust) }
        }
        try options.common.show(FrontView(front: front, hypervolume: result?.hypervolume)) {
            let volume = result?.hypervolume.map { "hypervolume up to the worst values: \(Text.number($0))" }
            return [TrialText.front(front), volume].compactMap { $0 }.joined(separator: "\n\n")
        }
    }
}
