import Cluster
import MarketData
import Registry
import Scheduling

/// What the handlers work with.
struct GatewayServices: Sendable {
    let head: any HeadService
    let jobs: any JobQueries
    let models: any ModelStore & DriftStore & DatasetStore
    let artifacts: (any ArtifactStore)?
    let catalogue: Catalogue
    let configuration: GatewayConfiguration
    let blocking: BlockingCalls
    let uploads: Places
    let followers: Places
    let requests = RequestCounters()

    /// The wall clock, milliseconds since 1970, for records that people read.
    static var now: Int64 { WallClock.milliseconds }
}
