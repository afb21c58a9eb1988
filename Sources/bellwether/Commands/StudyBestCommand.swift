import ArgumentParser
import Cluster
import Diagnostics

/// `bellwether study best`: the best trial with everything it has.
struct StudyBestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "best", abstract: "Shows the best trial so far with its parameters and metrics.",
        discussion: """
            EXAMPLES
              bellwether study best 3
            """)

    @OptionGroup var argument: JobArgument
    @OptionGroup var options: HeadOptions

    func run() async throws {
        let best = try await options.withHead { client in
            let job = try await client.job(argument.job)
            if let best = job.result?.leaderboard?.first { return best }
            // While a study runs, only the value of the best is known, not whether it is the largest or the smallest.
            guard let value = job.progress?.best,
                let best = try await client.trials(of: job.id).first(where: { $0.objective == value })
            else {
                throw CommandError(
                    "E_TRIAL_UNKNOWN", .input, "job \(job.id) has no trial that succeeded",
                    hint: job.kind == "study" ? nil : "it is a \(job.kind), not a study")
            }
            return best
        }
        try options.common.show(best) { TrialText.details(best) }
    }
}
