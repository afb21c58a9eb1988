package import Scheduling

/// A worker's fixed numbers, from configuration.
package struct WorkerConfiguration: Sendable {
    /// Fresh for every process.
    package var bootID: String
    /// For people.
    package var host: String
    package var processID: Int64
    package var capacity: Resources
    /// Folder of cached datasets and artifacts.
    package var cacheFolder: String
    /// Folder for what running tasks need, removed with them.
    package var scratchFolder: String
    /// Folder of results that no head has acknowledged; shared by the workers of a machine.
    package var spoolFolder: String
    /// The bytes of results it may hold.
    package var spoolLimit: Int64
    package var codeVersion: String
    /// After the wish to stop: how long what runs may go on.
    package var drainMilliseconds: Int64

    package init(
        bootID: String, host: String, processID: Int64, capacity: Resources, cacheFolder: String, spoolFolder: String,
        codeVersion: String, spoolLimit: Int64 = 1 << 30, drainMilliseconds: Int64 = 20_000, scratchFolder: String? = nil
    ) {
        self.bootID = bootID
        self.host = host
        self.processID = processID
        self.capacity = capacity
        self.cacheFolder = cacheFolder
        self.scratchFolder = scratchFolder ?? cacheFolder + "/scratch"
        self.spoolFolder = spoolFolder
        self.spoolLimit = spoolLimit
        self.codeVersion = codeVersion
        self.drainMilliseconds = drainMilliseconds
    }
}
