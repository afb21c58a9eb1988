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
/// One retrain a model at a time, a cool-down between two, and only for the version that still carries the alias: a
/// report about a version that has been replaced needs no answer. The report's number is the job's key, so a head that
/// dies between reading and submitting submits the same job again.
final class DriftMonitor: Sendable {
    private struct State {
        var task: Task<Void, Never>?
        var seen: Int64 = 0
        /// The last retrain of each model and when it was submitted, on the monotonic clock.
        var last: [String: (job: JobID?, at: Instant)] = [:]
    }

    private let stores: Head.Stores
    private let admission: Admission
    private let logger: Logger
    private let state = Mutex(State())

    init(stores: Head.Stores, admission: Admission, logger: Logger) {
        self.stores = stores
        self.admission = admission
        self.logger = logger
    }

    func start(pollMilliseconds: Int, submit: @escaping @Sendable (SubmitRequest) async throws -> JobView) {
        let task = Task { [weak self] in
            while !Task.isCancelled {
                do { try await Task.sleep(for: .milliseconds(pollMilliseconds)) } catch { return }
                guard let self else { return }
                try? await admission.onQueue { self.poll(submit: submit) }
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

    private func poll(submit: @escaping @Sendable (SubmitRequest) async throws -> JobView) {
        do {
            let seen = state.withLock { $0.seen }
            for report in try stores.models.drifted(after: seen, limit: 100) {
                state.withLock { $0.seen = max($0.seen, report.id) }
                guard let request = try answer(to: report) else { continue }
                logger.notice(
                    "drift found, retraining", metadata: ["model": "\(report.model)", "drift.feature": "\(report.worstFeature)"])
                Task { await self.submitted(request, model: report.model, submit) }
            }
        } catch {
            logger.warning("drift reports cannot be read", metadata: ["error": "\(error)"])
        }
    }

    /// The retrain job that a report calls for, if it calls for one now.
    private func answer(to report: DriftReport) throws -> SubmitRequest? {
        guard let text = try stores.models.retrainSpec(of: report.model),
            case .retrain(let retrain) = try JobSpec.parse(text: text, file: nil).body,
            try stores.models.resolve(model: report.model, alias: retrain.rule.alias)?.version == report.version
        else { return nil }
        let now = MonotonicClock.now
        let last = state.withLock { $0.last[report.model] }
        if let last {
            guard now.milliseconds(since: last.at) >= retrain.rule.cooldownMilliseconds else { return nil }
            guard let job = last.job, try stores.journal.job(job)?.end != nil else { return nil }
        }
        state.withLock { $0.last[report.model] = (nil, now) }
        return SubmitRequest(uid: "drift-\(report.model)-\(report.id)", spec: text)
    }

    private func submitted(
        _ request: SubmitRequest, model: String, _ submit: @Sendable (SubmitRequest) async throws -> JobView
    ) async {
        do {
            let view = try await submit(request)
            state.withLock { $0.last[model]?.job = JobID(view.id) }
        } catch {
            // The next report tries again.
            state.withLock { _ = $0.last.removeValue(forKey: model) }
            logger.error("retrain refused", metadata: ["model": "\(model)", "error": "\(error)"])
        }
    }
}
