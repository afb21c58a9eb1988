/// Where the HTTP API listens and what it puts up with.
package struct GatewayConfiguration: Sendable {
    /// A loopback address or `localhost`; anything else is refused with `E_BIND_LOOPBACK`.
    package var host: String
    /// 0 lets the system choose.
    package var port: Int
    /// Bytes of a JSON body; a spec may have 1 MiB, and JSON escapes can make it longer.
    package var jsonLimit = 4 << 20
    /// Bytes of an uploaded dataset file.
    package var datasetLimit = 1 << 30
    /// Uploads that may be held in memory at once.
    package var uploads = 2
    /// Longest time a JSON body may take to arrive.
    package var bodyTimeout: Duration = .seconds(10)
    /// Longest time an uploaded dataset may take to arrive.
    package var uploadTimeout: Duration = .seconds(600)
    /// A connection without a request, or with half a head, is closed after this.
    package var idleTimeout: Duration = .seconds(10)
    /// Connections that are open at once; more wait to be accepted.
    package var connections = 1024
    /// Event streams that are open at once.
    package var followers = 256
    /// Between two signs of life of an event stream.
    package var heartbeat: Duration = .seconds(15)
    /// A client that takes no bytes of its event stream for this long is dropped.
    package var stall: Duration = .seconds(30)
    /// Threads for calls that block on the store, and calls that may wait for one.
    package var blockingThreads = 4
    package var blockingQueue = 512

    package init(host: String = "127.0.0.1", port: Int) {
        self.host = host
        self.port = port
    }
}
