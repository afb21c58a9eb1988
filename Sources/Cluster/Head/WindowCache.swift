import MarketData
import Scheduling
import Specs
import SwiftProtobuf
import Wire

/// Results of windows that earlier jobs on the same dataset have left in the journal, by key. It is read once, when a job is
/// taken up; what it holds only saves work and never changes a result.
struct WindowCache: Sendable {
    private var results: [String: ProtoWindowResult] = [:]

    /// How many jobs are looked through, the newest first.
    private static let jobLimit = 32
    private static let page = 100

    /// What may still be read, of all jobs together.
    private struct Budget {
        var tasks = 50_000
        var bytes = 64 << 20
        var isSpent: Bool { tasks <= 0 || bytes <= 0 }
    }

    /// Reads what jobs before `job` (all, when it has no number yet) have that this spec can use. Blocks on the store.
    init(for spec: JobSpec, before job: JobID?, in journal: any JobQueries) throws {
        guard spec.usesCache, let context = spec.windowContext, let dataset = spec.dataset?.sha256 else { return }
        var budget = Budget()
        for earlier in try journal.jobs(dataset: dataset, before: job, limit: Self.jobLimit) where !budget.isSpent {
            let known = try? JobSpec.parse(text: earlier.record.spec, file: nil)
            guard known?.windowContext == context else { continue }
            try read(earlier.record.id, from: journal, &budget)
        }
    }

    /// The result under a key, if it is one for the window.
    func result(_ key: String, for window: Window) -> ProtoWindowResult? {
        guard let result = results[key], result.isSound(for: window) else { return nil }
        return result
    }

    var isEmpty: Bool { results.isEmpty }

    private mutating func read(_ job: JobID, from journal: any JobQueries, _ budget: inout Budget) throws {
        var after: Int32 = -1
        while !budget.isSpent {
            let page = try journal.tasks(of: job, after: after, limit: min(Self.page, budget.tasks))
            for record in page {
                budget.tasks -= 1
                budget.bytes -= record.result.count
                // The tag of TaskResult.window: results of other kinds can be long and are not decoded.
                guard record.end == .succeeded, record.result.first == 0x0A,
                    let task = try? ProtoTaskResult(serializedBytes: record.result), case .window(let window) = task.kind,
                    !window.key.isEmpty, results[window.key] == nil
                else { continue }
                results[window.key] = window
            }
            guard let last = page.last, last.task.index > after else { return }
            after = last.task.index
        }
    }
}
