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
    package var codeVersion: String
    /// After the wish to stop: how long what runs may go on.
    package var drainMilliseconds: Int64

    package init(
        bootID: String, host: String, processID: Int64, capacity: Resources, cacheFolder: String, codeVersion: String,
        drainMilliseconds: Int64 = 20_000, scratchFolder: String? = nil
    ) {
        self.bootID = bootID
        self.host = host
        self.processID = processID
        self.capacity = capacity
        self.cacheFolder = cacheFolder
        self.scratchFolder = scratchFolder ?? cacheFolder + "/scratch"
        self.codeVersion = codeVersion
        self.drainMilliseconds = drainMilliseconds
    }
}
