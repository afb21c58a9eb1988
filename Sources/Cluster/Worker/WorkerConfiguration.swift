package import Scheduling

/// A worker's fixed numbers, from configuration.
package struct WorkerConfiguration: Sendable {
    /// Fresh for every process.
    package var bootID: String
    /// For people.
    package var host: String
    package var processID: Int64
    package var capacity: Resources
    package var labels: [WorkerLabel] = []
    /// Under which other machines reach what runs here.
    package var address = "127.0.0.1"
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

    /// Whether a text is a host's name or number.
    package static func isAddress(_ text: String) -> Bool {
        (1...253).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 48...57, 65...90, 97...122, UInt8(ascii: "."), UInt8(ascii: "-"): true
                default: false
                }
            }
    }

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
