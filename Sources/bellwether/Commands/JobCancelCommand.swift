import ArgumentParser
import Cluster

/// `bellwether job cancel`.
struct JobCancelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel", abstract: "Cancels a job, one task of it, or all open jobs with a label.",
        discussion: """
            What has finished stays.

            EXAMPLES
              bellwether job cancel 3
              bellwether job cancel 3 --task 17
              bellwether job cancel --label team=alpha
            """)

    @Argument(help: "The job's number.")
    var job: Int64?

    @Option(help: "Only this task, and what depends on it.")
    var task: Int32?

    @Option(help: "All open jobs with this label, KEY=VALUE.")
    var label: String?

    @OptionGroup var options: HeadOptions

    func validate() throws {
        guard (job == nil) != (label == nil) else { throw ValidationError("name a job, or --label KEY=VALUE") }
        guard task == nil || job != nil else { throw ValidationError("--task needs the job's number") }
        guard task.map({ $0 >= 0 }) ?? true, job.map({ $0 > 0 }) ?? true else {
            throw ValidationError("a job's number is 1 or more, a task's 0 or more")
        }
        guard label.map({ JobLabel($0) != nil }) ?? true else { throw ValidationError("a label is given as KEY=VALUE") }
    }

    func run() async throws {
        if let label {
            let jobs = try await options.withHead { try await $0.cancel(labelled: label) }
            return try options.common.show(JobNumbers(jobs: jobs)) {
                jobs.isEmpty
                    ? "no open job has the label \(label)" : "cancelled: " + jobs.map { "job \($0)" }.joined(separator: ", ")
            }
        }
        guard let job else { return }
        let view = try await options.withHead { client in
            if let task { try await client.cancel(job, task: task) } else { try await client.cancel(job) }
        }
        try options.common.show(view) {
            task.map { "task \($0) of job \(job) is cancelled" }
                ?? "job \(job) \(view.state == "running" ? "is being cancelled" : view.state)"
        }
    }
}
