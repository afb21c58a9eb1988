/// Tasks that are placed alike: the same queue, the same demand and the same care.
struct TaskClass: Sendable {
    struct Key: Hashable, Sendable {
        var queue: Int32
        var demand: Int32
        var care: Care
    }

    let key: Key
    var queue = ReadyQueue()
    /// Tasks that are ready; the queue may hold more hints than that.
    var ready = 0
    /// Open jobs that have tasks of this class.
    var jobs = 0
    /// Ranges in the queue whose job has ended.
    var stale = 0
    /// Its place among the classes with ready tasks; -1 when it has none.
    var activeIndex: Int32 = -1
    /// The placement pass that has done with it.
    var blockedInPass: Int64 = -1
    var chance = Chance.any

    /// Where there may be room for it.
    enum Chance: UInt8, Sendable {
        /// Anywhere. Becomes `none` when nothing is found.
        case any
        /// Only on workers that were refreshed since it was looked for everywhere. Becomes `none` when they have none.
        case fresh
        /// Nowhere. Becomes `fresh` when a worker is refreshed that could take one of its tasks, `any` when something joins it.
        case none
    }
}
