import ArgumentParser
import Cluster

/// `bellwether workers`: the list.
struct WorkersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "workers", abstract: "Lists the connected workers.",
        discussion: """
            EXAMPLES
              bellwether workers
            """)

    @OptionGroup var options: HeadOptions

    func run() async throws {
        let workers = try await options.withHead(mayStart: false) { try await $0.workers() }
        try options.common.show(WorkersPage(workers: workers)) {
            guard !workers.isEmpty else { return "no workers; start one with: bellwether-worker --head tcp://HOST:PORT" }
            var table = Table([
                .number("worker"), .text("host"), .number("pid"), .text("state"), .number("cores"), .number("in use"),
                .number("memory"),
                .number("tasks"), .number("finished"), .number("busy"), .number("silent"),
            ])
            for worker in workers {
                table.add([
                    "\(worker.id)", worker.host, "\(worker.processID)", worker.draining ? "draining" : "ready",
                    Text.number(Double(worker.milliCPU) / 1000), Text.number(Double(worker.milliCPUInUse) / 1000),
                    Text.bytes(worker.memory),
                    "\(worker.assigned)", "\(worker.finished)", Text.duration(seconds: Double(worker.busyMicroseconds) / 1e6),
                    Text.duration(seconds: Double(worker.silentMilliseconds) / 1000),
                ])
            }
            return table.text
        }
    }
}
