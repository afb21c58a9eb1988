import Diagnostics
import Foundation
import Logging
import Registry
import Scheduling
import Specs
import Synchronization

/// Closes the loop from live data to a new model: reads what serving nodes reported, and submits the model's retrain job
/// when one of them says that it has drifted.
///
/// One retrain a model at a time, whoever asked for it; a cool-down between two that drift asked for; and only for the version
/// that still carries the alias: a report about a version that has been replaced needs no answer. The report's number is the
/// job's key, so a head that dies between reading and submitting submits the same job again, and a head that starts finds in
/// the journal what the one before it asked for.
final class DriftMonitor: Sendable {
    /// The last retrain of a model that drift asked for: the report it answers, and when.
    private struct Asked {
        var report: Int64
        var at: Instant
    }

    private struct State {
        var task: Task<Void, Never>?
        var seen: Int64 = 0
        /// By model, once looked up; the inner nil says that there was none.
        var last: [String: Asked?] = [:]
    }

    /// A retrain job that a drift report calls for.
    struct Call: Sendable {
        var report: DriftReport
        var request: SubmitRequest
    }

    /// The newest reports of a model among which the last answered one is looked for at the start.
    private static let historyLimit = 1_000

    private let stores: Head.Stores
    private let openJobs: @Sendable () -> [JobView]
    private let logger: Logger
    private let state = Mutex(State())

    /// `openJobs` lists the jobs that have not ended.
    init(stores: Head.Stores, logger: Logger, openJobs: @escaping @Sendable () -> [JobView]) {
        self.stores = stores
        self.openJobs = openJobs
        self.logger = logger
    }

    /// Looks every `pollMilliseconds`; reading blocks, and happens where `admission` lets it.
    func start(
        pollMilliseconds: Int, admission: Admission, submit: @escaping @Sendable (SubmitRequest) async throws -> JobView
    ) {
        let task = Task { [weak self] in
            while !Task.isCancelled {
                do { try await Task.sleep(for: .milliseconds(pollMilliseconds)) } catch { return }
                guard let self else { return }
                do {
                    for call in try await admission.onQueue({ try self.calls(at: MonotonicClock.now) }) {
                        await self.answer(call, submit)
                    }
                } catch {
                    logger.warning("drift reports cannot be read", metadata: ["error": "\(error)"])
                }
            }
        }
        state.withLock { $0.task = task }
    }

    func stop() {
        state.withLock { state in
            state.task?.cancel()
            state.task = nil
        }
    }

    /// The retrain jobs that the reports since the last look call for, one a model at most. Throws what the store throws.
    func calls(at now: Instant) throws -> [Call] {
        var calls: [Call] = []
        for report in try stores.models.drifted(after: state.withLock { $0.seen }, limit: 100) {
            if let request = try request(answering: report, at: now) { calls.append(Call(report: report, request: request)) }
            state.withLock { $0.seen = max($0.seen, report.id) }
        }
        return calls
    }

    private func request(answering report: DriftReport, at now: Instant) throws -> SubmitRequest? {
        let model = report.model
        guard let text = try stores.models.retrainSpec(of: model),
            case .retrain(let retrain) = try JobSpec.parse(text: text, file: nil).body,
            try stores.models.resolve(model: model, alias: retrain.rule.alias)?.version == report.version
        else { return nil }
        if let last = try lastAsked(model, at: now) {
            guard report.id > last.report, now.milliseconds(since: last.at) >= retrain.rule.cooldownMilliseconds else {
                return nil
            }
        }
        guard try !isRetraining(model) else { return nil }
        state.withLock { $0.last[model] = Asked(report: report.id, at: now) }
        return SubmitRequest(uid: Self.uid(of: report), spec: text)
    }

    private static func uid(of report: DriftReport) -> String { "drift-\(report.model)-\(report.id)" }

    /// What this head or, as the journal has it, one before it asked for last.
    private func lastAsked(_ model: String, at now: Instant) throws -> Asked? {
        if let known = state.withLock({ $0.last[model] }) { return known }
        var found: Asked?
        for report in try stores.models.reports(of: model, limit: Self.historyLimit) where report.drifted {
            guard let job = try stores.journal.job(uid: Self.uid(of: report)) else { continue }
            // The only clock that outlives a head; one that was set back makes the cool-down longer, never shorter.
            let elapsed = max(0, WallClock.milliseconds - job.record.submittedAt)
            found = Asked(report: report.id, at: now.advanced(byMilliseconds: -elapsed))
            break
        }
        state.withLock { $0.last[model] = .some(found) }
        return found
    }

    private func isRetraining(_ model: String) throws -> Bool {
        for job in openJobs() where job.kind == JobSpec.Kind.retrain.rawValue {
            guard let record = try stores.journal.job(JobID(job.id))?.record,
                case .retrain(let retrain) = try JobSpec.parse(text: record.spec, file: nil).body
            else { continue }
            if retrain.model == model { return true }
        }
        return false
    }

    private func answer(_ call: Call, _ submit: @Sendable (SubmitRequest) async throws -> JobView) async {
        let model = call.report.model
        logger.notice(
            "drift found, retraining", metadata: ["model": "\(model)", "drift.feature": "\(call.report.worstFeature)"])
        do {
            _ = try await submit(call.request)
        } catch {
            // The next report tries again.
            state.withLock { _ = $0.last.removeValue(forKey: model) }
            logger.error("retrain refused", metadata: ["model": "\(model)", "error": "\(error)"])
        }
    }
}
