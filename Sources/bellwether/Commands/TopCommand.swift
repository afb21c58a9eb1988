import ArgumentParser
import Cluster
import Foundation

/// `bellwether top`: a live view of the cluster.
struct TopCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "top", abstract: "Watches queue, workers and throughput live.",
        discussion: """
            Redraws until Ctrl-C. Where standard output is no terminal, or with --once or
            --json, it looks twice, a moment apart, and prints one picture.

            EXAMPLES
              bellwether top
              bellwether top --every 5
              bellwether top --once
            """)

    @Option(help: "Seconds between two looks, 0.2 to 60.")
    var every = 1.0

    @Flag(help: "Print one picture and end.")
    var once = false

    @OptionGroup var options: HeadOptions

    func validate() throws {
        guard (0.2...60).contains(every) else { throw ValidationError("--every is 0.2 to 60 seconds") }
    }

    func run() async throws {
        let isLive = !once && !options.common.json && Terminal.isOutputInteractive
        try await options.withHead(mayStart: false) { client in
            if !isLive {
                let before = try await Self.sight(client)
                try await Task.sleep(for: .seconds(min(every, 0.5)))
                let now = try await Self.sight(client)
                return try options.common.show(ClusterView(info: now.info, workers: now.workers, jobs: now.jobs)) {
                    TopText.screen(now, since: before, rows: 200, columns: 200)
                }
            }
            // The other screen of the terminal, so that what was there comes back.
            Terminal.output("\u{1B}[?1049h\u{1B}[?25l")
            defer { Terminal.output("\u{1B}[?25h\u{1B}[?1049l") }
            _ = try await Interrupts().race { [every] in
                var before: TopText.Sight?
                while true {
                    let now = try await Self.sight(client)
                    Self.draw(now, since: before)
                    before = now
                    try await Task.sleep(for: .seconds(every))
                }
            }
        }
    }

    private static func draw(_ sight: TopText.Sight, since before: TopText.Sight?) {
        let size = Terminal.size
        let screen = TopText.screen(sight, since: before, rows: size.rows - 1, columns: size.columns)
        let lines = screen.split(separator: "\n", omittingEmptySubsequences: false)
        Terminal.output("\u{1B}[H" + lines.map { $0 + "\u{1B}[K" }.joined(separator: "\r\n") + "\u{1B}[J")
    }

    private static func sight(_ client: HeadClient) async throws -> TopText.Sight {
        let info = try await client.info()
        let workers = try await client.workers()
        let jobs = try await client.jobs(limit: 500).jobs.filter { !$0.hasEnded }
        let at = Double(DispatchTime.now().uptimeNanoseconds) / 1e9
        return TopText.Sight(info: info, workers: workers, jobs: jobs, at: at)
    }
}

/// What `top --json` prints.
struct ClusterView: Encodable {
    var info: InfoView
    var workers: [WorkerView]
    var jobs: [JobView]
}
