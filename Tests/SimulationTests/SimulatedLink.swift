/// The connection between a worker's machine and the heads: in order as TCP keeps it, until something breaks it.
struct SimulatedLink {
    /// Messages of one direction vanish without a word until then.
    var toHeadIsSilentUntil: Int64 = 0
    var toWorkerIsSilentUntil: Int64 = 0
    /// Everything is held back until then.
    var isCloggedUntil: Int64 = 0
    /// When the last message of each direction arrives; none overtakes it.
    var toHeadArrives: Int64 = 0
    var toWorkerArrives: Int64 = 0
}
