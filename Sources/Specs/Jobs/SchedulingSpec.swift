import MarketData
import Scheduling

/// How a job stands among others: where its share of the cluster comes from, how much of it runs at once, how long it may take.
package struct SchedulingSpec: Sendable, Hashable {
    /// The queue it draws its share from.
    package var queue = QueueDefinition.standard
    /// Attempts that workers may hold at once; nil for no limit.
    package var maxRunning: Int32?
    /// The longest wait of a task for its first attempt in milliseconds; nil for no limit.
    package var queueTimeoutMilliseconds: Int64?
    /// The longest time from a task's submission to its end in milliseconds; nil for no limit.
    package var totalTimeoutMilliseconds: Int64?
    /// When all of it should be done, in milliseconds since 1970: the earlier goes first inside a priority.
    package var finishBefore: Int64?

    package init() {}

    static let keys = ["queue", "maxRunning", "queueTimeout", "totalTimeout", "finishBefore"]

    /// Nil when a key that is there makes no sense, which has been reported then.
    static func decode(_ map: MapCursor) -> SchedulingSpec? {
        var spec = SchedulingSpec()
        var isWhole = true
        func take<Value>(_ key: String, _ read: (Cursor) -> Value?, _ set: (Value) -> Void) {
            guard let cursor = map[key] else { return }
            if let value = read(cursor) { set(value) } else { isWhole = false }
        }
        take("queue", { $0.registryName("queue") }) { spec.queue = $0 }
        take("maxRunning", { $0.int(1...1_000_000, unit: "tasks") }) { spec.maxRunning = Int32($0) }
        take("queueTimeout", { $0.duration(1_000...365 * 86_400_000) }) { spec.queueTimeoutMilliseconds = $0 }
        take("totalTimeout", { $0.duration(1_000...365 * 86_400_000) }) { spec.totalTimeoutMilliseconds = $0 }
        take("finishBefore", { $0.time() }) { spec.finishBefore = $0 }
        return isWhole ? spec : nil
    }

    var members: [String: JSONValue?] {
        [
            "queue": queue == QueueDefinition.standard ? nil : .string(queue), "maxRunning": maxRunning.map { .int(Int($0)) },
            "queueTimeout": queueTimeoutMilliseconds.map { .string(Quantity.duration($0)) },
            "totalTimeout": totalTimeoutMilliseconds.map { .string(Quantity.duration($0)) },
            "finishBefore": finishBefore.map { .string(ISOTime.string($0)) },
        ]
    }
}
