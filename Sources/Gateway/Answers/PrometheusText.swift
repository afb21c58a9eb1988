import Cluster
import Scheduling

/// The head's figures in the Prometheus text format 0.0.4.
enum PrometheusText {
    static func render(_ snapshot: HeadSnapshot, requests: [(key: RequestCounters.Key, count: Int)]) -> String {
        var text = Text()
        let info = snapshot.info
        text.family("bellwether_head_info", "gauge", "Constant 1; the labels say who this is.")
        text.sample("bellwether_head_info", ["cluster": info.clusterID, "version": info.codeVersion], "1")
        text.single("bellwether_head_term", "gauge", "The head's term.", info.term)
        text.single("bellwether_workers", "gauge", "Connected workers.", Int64(info.workers))
        text.single("bellwether_jobs_open", "gauge", "Jobs that have not ended.", Int64(info.openJobs))
        text.single("bellwether_tasks_queued", "gauge", "Tasks that wait for a worker.", Int64(info.queuedTasks))
        text.single(
            "bellwether_reports_fenced_total", "counter", "Reports that changed nothing, because their attempt was not current.",
            Int64(info.fencedReports))

        let workers = snapshot.workers.sorted { $0.id < $1.id }
        func each(_ name: String, _ kind: String, _ help: String, _ value: (WorkerView) -> String) {
            text.family(name, kind, help)
            for worker in workers { text.sample(name, ["worker": "\(worker.id)", "host": worker.host], value(worker)) }
        }
        each("bellwether_worker_cpus", "gauge", "Cores a worker offers.") { "\(Double($0.milliCPU) / 1000)" }
        each("bellwether_worker_cpus_in_use", "gauge", "Cores of what may be running there.") {
            "\(Double($0.milliCPUInUse) / 1000)"
        }
        each("bellwether_worker_memory_bytes", "gauge", "Memory a worker offers.") { "\($0.memory)" }
        each("bellwether_worker_memory_in_use_bytes", "gauge", "Memory of what may be running there.") { "\($0.memoryInUse)" }
        each("bellwether_worker_assigned", "gauge", "Attempts on a worker.") { "\($0.assigned)" }
        each("bellwether_worker_finished_total", "counter", "Attempts finished since the worker's process started.") {
            "\($0.finished)"
        }
        each("bellwether_worker_busy_seconds_total", "counter", "Time its task threads were busy.") {
            "\(Double($0.busyMicroseconds) / 1e6)"
        }
        each("bellwether_worker_silent_seconds", "gauge", "Time since its last sign of life.") {
            "\(Double($0.silentMilliseconds) / 1000)"
        }

        let jobs = snapshot.jobs.values.sorted { $0.id < $1.id }
        func each(_ name: String, _ help: String, _ value: (ProgressView) -> Int) {
            text.family(name, "gauge", help)
            for job in jobs { if let progress = job.progress { text.sample(name, ["job": "\(job.id)"], "\(value(progress))") } }
        }
        each("bellwether_job_tasks", "Tasks of an open job's plan.") { $0.tasks }
        each("bellwether_job_tasks_finished", "Tasks of an open job that succeeded.") { $0.finished }
        each("bellwether_job_tasks_failed", "Tasks of an open job that failed.") { $0.failed }

        text.family("bellwether_http_requests_total", "counter", "Requests answered.")
        for (key, count) in requests {
            text.sample(
                "bellwether_http_requests_total", ["method": key.method, "route": key.route, "status": "\(key.status)"],
                "\(count)")
        }
        return text.lines
    }

    private struct Text {
        var lines = ""

        mutating func family(_ name: String, _ kind: String, _ help: String) {
            lines += "# HELP \(name) \(help)\n# TYPE \(name) \(kind)\n"
        }

        mutating func sample(_ name: String, _ labels: KeyValuePairs<String, String>, _ value: String) {
            let text = labels.map { "\($0)=\"\(PrometheusText.escape($1))\"" }.joined(separator: ",")
            lines += text.isEmpty ? "\(name) \(value)\n" : "\(name){\(text)} \(value)\n"
        }

        mutating func single(_ name: String, _ kind: String, _ help: String, _ value: Int64) {
            family(name, kind, help)
            sample(name, [:], "\(value)")
        }
    }

    /// A label's value with the characters escaped that the format gives a meaning.
    static func escape(_ text: String) -> String {
        text.unicodeScalars.map { scalar in
            switch scalar {
            case "\\": "\\\\"
            case "\"": "\\\""
            case "\n": "\\n"
            default: String(scalar)
            }
        }.joined()
    }
}
