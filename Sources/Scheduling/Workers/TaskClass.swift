/// Tasks that are placed alike: the same queue, the same charge and the same care.
struct TaskClass: Sendable {
    struct Key: Hashable, Sendable {
        var queue: Int32
        var charge: Resources
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
    /// The placement pass that found no room for it.
    var blockedInPass: Int64 = -1
}
