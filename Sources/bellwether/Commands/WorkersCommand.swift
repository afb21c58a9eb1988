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
                .number("memory"), .text("also"),
                .number("tasks"), .number("finished"), .number("busy"), .number("silent"), .text("labels"),
            ])
            for worker in workers {
                table.add([
                    "\(worker.id)", worker.host, "\(worker.processID)", worker.draining ? "draining" : "ready",
                    Text.number(Double(worker.milliCPU) / 1000), Text.number(Double(worker.milliCPUInUse) / 1000),
                    Text.bytes(worker.memory), Self.others(worker),
                    "\(worker.assigned)", "\(worker.finished)", Text.duration(seconds: Double(worker.busyMicroseconds) / 1e6),
                    Text.duration(seconds: Double(worker.silentMilliseconds) / 1000),
                    worker.labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " "),
                ])
            }
            return table.text
        }
    }

    /// GPUs and resources under names of the cluster's own, as what is in use of what is there: `gpu 0.5/1, licence 1/2`.
    private static func others(_ worker: WorkerView) -> String {
        func share(_ name: String, _ used: Int64, _ all: Int64) -> String {
            "\(name) \(Text.number(Double(used) / 1000))/\(Text.number(Double(all) / 1000))"
        }
        let gpu = worker.milliGPU > 0 ? [share("gpu", worker.milliGPUInUse, worker.milliGPU)] : []
        let named = worker.others.sorted { $0.key < $1.key }.map { share($0.key, worker.othersInUse[$0.key] ?? 0, $0.value) }
        return (gpu + named).joined(separator: ", ")
    }
}
