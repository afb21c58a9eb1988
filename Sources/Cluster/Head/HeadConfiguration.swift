package import Scheduling

/// The head's fixed numbers, from configuration.
package struct HeadConfiguration: Sendable {
    /// Names the cluster to its workers; a worker that served another cluster is told so.
    package var clusterID: String
    /// How often workers say that they are alive, and how long a silent one is believed.
    package var heartbeatMilliseconds: Int64
    package var leaseMilliseconds: Int64
    /// After a restart: how long workers have to register before what they may still run is assigned again.
    package var recoveryGraceMilliseconds: Int64
    package var codeVersion: String
    /// How often drift reports are looked at.
    package var driftPollMilliseconds: Int
    /// The queues with a weight or a quota of their own.
    package var queues: [QueueDefinition]

    package init(
        clusterID: String = "local", heartbeatMilliseconds: Int64 = 1_000, leaseMilliseconds: Int64 = 6_000,
        recoveryGraceMilliseconds: Int64 = 3_000, codeVersion: String, driftPollMilliseconds: Int = 1_000,
        queues: [QueueDefinition] = []
    ) {
        self.clusterID = clusterID
        self.heartbeatMilliseconds = heartbeatMilliseconds
        self.leaseMilliseconds = leaseMilliseconds
        self.recoveryGraceMilliseconds = recoveryGraceMilliseconds
        self.codeVersion = codeVersion
        self.driftPollMilliseconds = driftPollMilliseconds
        self.queues = queues
    }
}
