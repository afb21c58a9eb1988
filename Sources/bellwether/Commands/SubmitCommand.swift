import ArgumentParser
import Cluster

/// `bellwether submit`: hands a job to a head and goes.
struct SubmitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "submit", abstract: "Hands a job to a head.",
        discussion: """
            The job goes on whatever becomes of this command; with --follow, Ctrl-C only
            stops the watching.

            EXAMPLES
              bellwether submit jobs/spx-ridge.yaml
              bellwether submit jobs/spx-ridge.yaml --follow
              bellwether submit jobs/spx-ridge.yaml --uid nightly-2026-07-01
            """)

    @Argument(help: "The job's YAML file, or - for standard input.", completion: .file(extensions: ["yaml", "yml", "json"]))
    var file: String

    @Flag(help: "Wait for the end and print what came of it.")
    var follow = false

    @Option(help: "The job's key: the same key is never run twice. A fresh one by default.")
    var uid: String?

    @OptionGroup var options: HeadOptions

    func run() async throws {
        let submission = try Submission(file: file, uid: uid, home: options.common.place)
        try await options.withHead(mayStart: false) { client in
            let (job, isNew) = try await submission.send(to: client, sharesHome: false)
            guard follow else {
                return try options.common.show(job) {
                    isNew
                        ? "job \(job.id)\nfollow it with: bellwether job show \(job.id)"
                        : "job \(job.id), known by its key \(job.uid)"
                }
            }
            Terminal.note(isNew ? "job \(job.id)" : "job \(job.id), known by its key \(job.uid)")
            let isQuiet = options.common.json
            guard let ended = try await Interrupts().race({ try await Following.untilEnd(job, client, isQuiet: isQuiet) }) else {
                Terminal.note("job \(job.id) goes on; see: bellwether job show \(job.id)")
                throw ExitCode(130)
            }
            try await Following.conclude(ended, client, options.common)
        }
    }
}
