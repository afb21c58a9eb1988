import ArgumentParser
import Cluster

/// `bellwether events`: what changed its state, and why.
struct EventsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events", abstract: "Shows what happened to jobs, tasks and workers, and why.",
        discussion: """
            The head keeps the latest 100,000 events since it started.

            EXAMPLES
              bellwether events --job 3
              bellwether events --job 3 --task 0 --json
              bellwether events --worker 2 --follow
            """)

    @Option(help: "Only what happened to this job and its tasks.")
    var job: Int64?
    @Option(help: "Only what happened to tasks of this index.")
    var task: Int32?
    @Option(help: "Only what happened on this worker.")
    var worker: Int32?
    @Flag(help: "Go on with what happens, until interrupted.")
    var follow = false

    @OptionGroup var options: HeadOptions

    func run() async throws {
        try await options.withHead(mayStart: false) { client in
            guard follow else { return try await show(client) }
            let ended: Bool? = try await Interrupts().race {
                try await show(client)
                return true
            }
            if ended == nil { throw ExitCode(130) }
        }
    }

    private func show(_ client: HeadClient) async throws {
        var query = EventQuery(job: job, task: task, worker: worker)
        var term: Int64?
        while true {
            let page = try await client.events(query)
            // Another head counts anew.
            if let known = term, known != page.term {
                (term, query.after) = (nil, 0)
                continue
            }
            term = page.term
            for event in page.events { Terminal.output(options.common.json ? EventText.json(event) : EventText.line(event)) }
            let isDone = page.next == query.after || page.events.count < query.limit
            query.after = page.next
            if isDone {
                guard follow else { return }
                try await Task.sleep(for: .milliseconds(300))
            }
        }
    }
}
