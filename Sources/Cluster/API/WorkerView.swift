/// A connected worker as the HTTP API shows it.
package struct WorkerView: Codable, Sendable, Hashable {
    package var id: Int32
    package var bootID: String
    package var host: String
    package var processID: Int64
    package var milliCPU: Int64
    package var memory: Int64
    /// Resources of what may be running there now.
    package var milliCPUInUse: Int64
    package var memoryInUse: Int64
    package var milliGPU: Int64 = 0
    package var milliGPUInUse: Int64 = 0
    /// Resources that the cluster has named itself, in thousandths.
    package var others: [String: Int64] = [:]
    package var othersInUse: [String: Int64] = [:]
    package var labels: [String: String] = [:]
    /// Attempts on it, running or next in line.
    package var assigned: Int
    /// Attempts finished since its process started, and how long its task threads were busy.
    package var finished: UInt64
    package var busyMicroseconds: UInt64
    package var draining: Bool
    /// Milliseconds since the last sign of life.
    package var silentMilliseconds: Int64
    package init(
        id: Int32, bootID: String, host: String, processID: Int64, milliCPU: Int64, memory: Int64, milliCPUInUse: Int64,
        memoryInUse: Int64, assigned: Int, finished: UInt64, busyMicroseconds: UInt64, draining: Bool, silentMilliseconds: Int64
    ) {
        self.id = id
        self.bootID = bootID
        self.host = host
        self.processID = processID
        self.milliCPU = milliCPU
        self.memory = memory
        self.milliCPUInUse = milliCPUInUse
        self.memoryInUse = memoryInUse
        self.assigned = assigned
        self.finished = finished
        self.busyMicroseconds = busyMicroseconds
        self.draining = draining
        self.silentMilliseconds = silentMilliseconds
    }
}

/// The head itself, `GET /v1/info`.
package struct InfoView: Codable, Sendable, Hashable {
    package var clusterID: String
    package var term: Int64
    package var codeVersion: String
    /// Where workers connect.
    package var workerEndpoint: String
    package var workers: Int
    package var openJobs: Int
    package var queuedTasks: Int
    /// Reports since the head started that changed nothing, because their attempt was not the task's current one.
    package var fencedReports: Int
    package init(
        clusterID: String, term: Int64, codeVersion: String, workerEndpoint: String, workers: Int, openJobs: Int,
        queuedTasks: Int, fencedReports: Int = 0
    ) {
        self.clusterID = clusterID
        self.term = term
        self.codeVersion = codeVersion
        self.workerEndpoint = workerEndpoint
        self.workers = workers
        self.openJobs = openJobs
        self.queuedTasks = queuedTasks
        self.fencedReports = fencedReports
    }
}
