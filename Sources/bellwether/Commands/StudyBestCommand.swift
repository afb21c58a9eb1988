import ArgumentParser
import Cluster
import Diagnostics

/// `bellwether study best`: the best trial with everything it has.
struct StudyBestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "best", abstract: "Shows the best trial so far with its parameters and metrics.",
        discussion: """
            A study of several objectives that has ended has a front instead of one best: the trials that no other one
            beats in all of them.

            EXAMPLES
              bellwether study best 3
            """)

    @OptionGroup var argument: JobArgument
    @OptionGroup var options: HeadOptions

    /// What `--json` prints for a study of several objectives.
    private struct FrontView: Encodable {
        var front: [TrialView]
        var hypervolume: Double?
    }

    func run() async throws {
        let (trial, result) = try await options.withHead { client in
            let job = try await client.job(argument.job)
            return (try await best(of: job, client), job.result)
        }
        guard let front = result?.front else { return try options.common.show(trial) { TrialText.details(trial) } }
        try options.common.show(FrontView(front: front, hypervolume: result?.hypervolume)) {
            let volume = result?.hypervolume.map { "hypervolume up to the worst values: \(Text.number($0))" }
            return [TrialText.front(front), volume].compactMap { $0 }.joined(separator: "\n\n")
        }
    }

    private func best(of job: JobView, _ client: HeadClient) async throws -> TrialView {
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
}
