import ArgumentParser
import Cluster
import Foundation

/// Shows a job's progress until it ends.
enum Following {
    /// Follows to the end; progress goes to standard error.
    static func untilEnd(_ job: JobView, _ client: HeadClient, isQuiet: Bool) async throws -> JobView {
        var display = ProgressDisplay(isQuiet: isQuiet)
        var last = job
        display.show(job)
        defer { display.finish() }
        if job.hasEnded { return job }
        let clearing = Terminal.isInteractive ? "\r\u{1B}[2K" : ""
        let updates = client.follow(job.id, patience: .seconds(300)) { error in
            if !isQuiet { Terminal.note(clearing + "trying again: \(error.message)") }
        }
        for try await view in updates {
            last = view
            display.show(view)
        }
        return last
    }

    /// Cancels the job and waits, briefly, for its end.
    static func cancel(_ job: JobView, _ client: HeadClient) async {
        Terminal.note("cancelling job \(job.id)")
        guard var view = try? await client.cancel(job.id) else {
            return Terminal.note("the head does not answer; job \(job.id) may go on")
        }
        for _ in 0..<100 where !view.hasEnded {
            try? await Task.sleep(for: .milliseconds(100))
            view = (try? await client.job(job.id)) ?? view
        }
    }

    /// Prints what the job came to; a job that did not succeed ends the command with exit code 1.
    static func conclude(_ job: JobView, _ client: HeadClient, _ options: CommonOptions) async throws {
        if options.json {
            try options.show(job) { "" }
        } else {
            print(JobText.result(job))
            if job.state == "succeeded", job.kind != "drill", job.kind != "command",
                let report = try? await client.report(of: job.id)
            {
                print("\n" + ReportText.render(report, title: JobText.title(job)))
            }
            if job.state == "failed" { try await printErrors(of: job, client) }
        }
        guard job.state == "succeeded" else { throw ExitCode(1) }
    }

    private static func printErrors(of job: JobView, _ client: HeadClient) async throws {
        let failed = try await client.tasks(of: job.id, limit: 1000).tasks.filter { $0.error != nil && $0.state != "cancelled" }
        guard !failed.isEmpty else { return }
        print("\n" + TaskText.table(Array(failed.prefix(5))))
        if failed.count > 5 { print("... see: bellwether job tasks \(job.id)") }
    }
}
