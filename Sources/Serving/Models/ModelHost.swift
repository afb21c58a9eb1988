package import Logging
package import NIOPosix
package import Registry
import Synchronization

/// Holds the version that is served, and replaces it whole: a request that began with one version ends with it, and the
/// next one sees the new.
///
/// What cannot be loaded is not served: the last good version stays.
package final class ModelHost: Sendable {
    package let model: String
    package let alias: String
    private let models: any ModelStore
    private let artifacts: any ArtifactStore
    private let threads: NIOThreadPool
    private let logger: Logger
    private let current = Mutex<LoadedModel?>(nil)
    /// One refresh at a time; the one that waits sees the newest alias.
    private let refreshing = Mutex<Void>(())

    /// `threads` runs what blocks.
    package init(
        model: String, alias: String, models: any ModelStore, artifacts: any ArtifactStore, threads: NIOThreadPool, logger: Logger
    ) {
        self.model = model
        self.alias = alias
        self.models = models
        self.artifacts = artifacts
        self.threads = threads
        self.logger = logger
    }

    /// The version that is served now; nil before the first.
    package var loaded: LoadedModel? { current.withLock { $0 } }

    /// Loads the version that the alias names, unless it is served already. Errors are logged; the last good version stays.
    package func refresh() async {
        do {
            try await threads.runIfActive { [self] in try refreshing.withLock { _ in try refreshNow() } }
        } catch {
            logger.error("model not loaded", metadata: ["model": "\(model)", "error": "\(error)"])
        }
    }

    private func refreshNow() throws {
        guard let version = try models.resolve(model: model, alias: alias) else { return }
        if let loaded, loaded.version.version == version.version { return }
        let next = try LoadedModel.load(version, from: artifacts)
        current.withLock { $0 = next }
        logger.notice("model loaded", metadata: ["model": "\(model)", "model.version": "\(version.version)"])
    }
}
