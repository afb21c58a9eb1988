package import Learning
package import Logging
package import NIOPosix
package import Registry

/// Compares the window with the training profile every so often and writes what it finds where the head looks.
package final class DriftReporter: Sendable {
    private let host: ModelHost
    private let window: DriftWindow
    private let detector: DriftDetector
    private let store: any DriftStore
    private let node: String
    private let threads: NIOThreadPool
    private let logger: Logger
    private let now: @Sendable () -> Int64

    /// `node` names this process in the reports; `now` is the wall clock in milliseconds.
    package init(
        host: ModelHost, window: DriftWindow, detector: DriftDetector, store: any DriftStore, node: String,
        threads: NIOThreadPool,
        logger: Logger, now: @escaping @Sendable () -> Int64
    ) {
        self.host = host
        self.window = window
        self.detector = detector
        self.store = store
        self.node = node
        self.threads = threads
        self.logger = logger
        self.now = now
    }

    /// Reports every `seconds` until cancelled. A report that cannot be written is lost; the next one says the same.
    package func run(everySeconds seconds: Double) async {
        while !Task.isCancelled {
            do { try await Task.sleep(for: .seconds(seconds)) } catch { return }
            await reportOnce()
        }
    }

    /// Compares and reports, if there is anything new.
    package func reportOnce() async {
        guard let model = host.loaded, let rows = window.take(version: model.version.version) else { return }
        do {
            try await threads.runIfActive { [self] in
                let result = try detector.compare(model.artifact.profile, rows: rows)
                guard result.rows >= detector.minRows else { return }
                let report = DriftReport(
                    model: model.version.model, version: model.version.version, node: node, rows: Int64(result.rows),
                    drifted: result.drifted, worstFeature: result.worst?.name ?? "", distances: result.distances, at: now())
                try store.add(report)
                logger.info(
                    "drift compared",
                    metadata: [
                        "drift.found": "\(result.drifted)", "drift.feature": "\(report.worstFeature)",
                        "drift.rows": "\(result.rows)",
                    ])
            }
        } catch {
            logger.warning("drift report not written", metadata: ["error": "\(error)"])
        }
    }
}
