import ArgumentParser
import Cluster
import Foundation

/// `bellwether run`: a job from its spec to its result.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Runs a job and prints what came of it.",
        discussion: """
            Uses the configured head, or the one that runs on this machine. When there is
            none, a head and workers are started for the length of the job, with the same
            results. Ctrl-C cancels the job; nothing is left running.

            EXAMPLES
              bellwether run jobs/spx-ridge.yaml
              bellwether run jobs/spx-ridge.yaml --workers 2
              bellwether run jobs/spx-ridge.yaml --head http://127.0.0.1:7700 --json
            """)

    @Argument(help: "The job's YAML file, or - for standard input.", completion: .file(extensions: ["yaml", "yml", "json"]))
    var file: String

    @Option(help: "Workers to start when no head runs; one per core by default.")
    var workers: Int?

    @Option(help: "The job's key: the same key is never run twice. A fresh one by default.")
    var uid: String?

    @OptionGroup var options: HeadOptions

    func validate() throws {
        guard workers.map({ (1...1024).contains($0) }) ?? true else { throw ValidationError("--workers is 1 to 1024") }
    }

    func run() async throws {
        let place = options.common.place
        let submission = try Submission(file: file, uid: uid, home: place)
        let interrupts = Interrupts()
        let count = workers ?? ProcessInfo.processInfo.activeProcessorCount
        try await HeadFinder(options: options).withHead(starting: count) { client, local in
            guard let local else { return try await run(submission, client, interrupts, on: nil) }
            Terminal.note("no head is configured: started one with \(Text.count(count, "worker")) for this job")
            await local.waitForWorkers(client, count: count)
            let unfinished = await local.runningJobs(client)
            for id in unfinished.sorted() {
                Terminal.note("job \(id) was not finished and goes on; to stop it: bellwether job cancel \(id)")
            }
            do {
                try await run(submission, client, interrupts, on: local)
            } catch {
                await local.waitForOthers(client, except: unfinished)
                throw error
            }
            await local.waitForOthers(client, except: unfinished)
        }
    }

    /// `local` is the head that was started for this job; it reads datasets from the same folder as this command.
    private func run(_ submission: Submission, _ client: HeadClient, _ interrupts: Interrupts, on local: LocalHead?) async throws
    {
        let (job, isNew) = try await submission.send(to: client, sharesHome: local != nil)
        if !isNew { Terminal.note("key \(job.uid) already names job \(job.id)") }
        let isQuiet = options.common.json
        let ended = try await interrupts.race {
            guard let local else { return try await Following.untilEnd(job, client, isQuiet: isQuiet) }
            return try await local.whileAlive { try await Following.untilEnd(job, client, isQuiet: isQuiet) }
        }
        guard let ended else {
            await Following.cancel(job, client)
            throw ExitCode(130)
        }
        try await Following.conclude(ended, client, options.common)
    }
}
