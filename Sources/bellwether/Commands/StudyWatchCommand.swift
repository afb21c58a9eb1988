import ArgumentParser
import Cluster
import Foundation
import Scheduling

/// `bellwether study watch`: a live view of a study.
struct StudyWatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch", abstract: "Watches a study live: best so far, trials, samplers, time left.",
        discussion: """
            Redraws until the study has ended or Ctrl-C. Where standard output is no terminal
            it prints a plain line whenever something has changed, at most one in --every
            seconds; with --json a line of JSON.

            EXAMPLES
              bellwether study watch 3
              bellwether study watch 3 --every 5 --json
            """)

    @OptionGroup var argument: JobArgument

    @Option(help: "Seconds between two looks, 0.2 to 60.")
    var every = 1.0

    @OptionGroup var options: HeadOptions

    func validate() throws {
        guard (0.2...60).contains(every) else { throw ValidationError("--every is 0.2 to 60 seconds") }
    }

    func run() async throws {
        let isLive = !options.common.json && Terminal.isOutputInteractive
        try await options.withHead(mayStart: false) { client in
            if isLive { Terminal.output("\u{1B}[?1049h\u{1B}[?25l") }
            defer { if isLive { Terminal.output("\u{1B}[?25h\u{1B}[?1049l") } }
            let last = try await Interrupts().race { try await watch(client, isLive: isLive) }
            if isLive, let last { Terminal.output("\u{1B}[?25h\u{1B}[?1049l" + last + "\n") }
        }
    }

    /// Looks until the study has ended; returns the last picture.
    private func watch(_ client: HeadClient, isLive: Bool) async throws -> String {
        var meter = ProgressMeter()
        var shown: WatchView?
        let start = MonotonicClock.now
        while true {
            let job = try await client.job(argument.job)
            let view = WatchView(job, trials: try await client.trials(of: job.id))
            meter.update(finished: view.finished, at: Double(MonotonicClock.now.nanoseconds - start.nanoseconds) / 1e9)
            let size = Terminal.size
            let screen = WatchText.screen(view, meter, rows: size.rows - 1, columns: size.columns)
            if isLive {
                let lines = screen.split(separator: "\n", omittingEmptySubsequences: false)
                Terminal.output("\u{1B}[H" + lines.map { $0 + "\u{1B}[K" }.joined(separator: "\r\n") + "\u{1B}[J")
            } else if view != shown {
                // At once, whatever standard output is.
                let json = options.common.json
                Terminal.output(
                    (json ? String(decoding: try APICoding.encode(view), as: UTF8.self) : WatchText.line(view, meter)) + "\n")
            }
            shown = view
            if job.hasEnded { return screen }
            try await Task.sleep(for: .seconds(every))
        }
    }
}
