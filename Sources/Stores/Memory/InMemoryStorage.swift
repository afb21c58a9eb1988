import Foundation
import Registry
import Scheduling

/// What the in-memory stores share: the tables as values, lost when the process ends. The twin of a database.
package final class InMemoryStorage: Sendable {
    struct Tables {
        var term: Int64 = 0
        var holder = ""
        var jobs: [Int64: JobSummary] = [:]
        var jobsByUID: [String: Int64] = [:]
        var tasks: [Int64: [Int32: TaskRecord]] = [:]
        var trials: [Int64: [Int32: TrialRecord]] = [:]
        var models: [String: Model] = [:]
        var promotions: [Promotion] = []
        var drift: [DriftReport] = []
        /// In order of arrival, the newest last.
        var datasets: [DatasetRecord] = []
    }

    struct Model {
        var versions: [ModelVersion] = []
        var aliases: [String: Int64] = [:]
        var retrainSpec: String?
    }

    /// The twin of a database's cluster id.
    let cluster = UUID().uuidString.lowercased()
    private let condition = NSCondition()
    /// Unchecked because every access holds `condition`, on which watchers wait for promotions.
    nonisolated(unsafe) private var tables = Tables()

    package init() {}

    /// Reads the tables, alone.
    func read<Result>(_ body: (Tables) throws -> Result) rethrows -> Result { try condition.withLock { try body(tables) } }

    /// Changes the tables, alone. `body` makes all its checks before its first change, so that a throw changes nothing.
    func write<Result>(_ body: (inout Tables) throws -> Result) rethrows -> Result {
        try condition.withLock {
            let result = try body(&tables)
            condition.broadcast()
            return result
        }
    }

    /// Waits until there are more than `count` promotions or `date` is reached; returns their number.
    func waitForPromotions(beyond count: Int, until date: Date) -> Int {
        condition.withLock {
            while tables.promotions.count <= count, condition.wait(until: date) {}
            return tables.promotions.count
        }
    }
}
