import Glibc
import Synchronization

/// The places at which a program built for tests can be told to die, each between two things that must not depend on each other:
/// after one was done and before the next.
///
/// A debug build that finds a name in `BELLWETHER_CRASH_AT` kills itself there as kill -9 would; `NAME:3` lets it pass twice. A
/// release build has none of it.
package enum CrashPoint: String, CaseIterable, Sendable {
    // The head, from its start to its end.
    case headTermRaised, headRecoveryBegun, headJobRecovered, headRecovered, headOpen
    case headTurnBegun, headTurnHandled, headTurnCommitted, headTurnSent, headTurnAnswered
    case headJobAccepted, headJobPaused, headJobCancelled, headJobClosed
    case headWorkerRegistered, headReportsTaken
    case headOutageBegun, headOutageOver
    case headModelRegistered, headChunkServed, headChunkTaken, headOutputKept, headCheckpointKept, headStopping

    // The store, inside a transaction and after it.
    case storeSchemaMigrated, storeTermRaised, storeTermChecked, storeJobsWritten, storeTasksWritten, storeRangesWritten
    case storeTrialsWritten, storeEndsWritten, storeTurnCommitted, storeVersionWritten, storeAliasMoved

    // An artifact, with a head or on a worker.
    case artifactWritten, artifactSynced, artifactRenamed

    // The worker, from its start to its end.
    case workerOpen, workerWelcome, workerTasksTaken, workerAttemptBegun, workerAttemptEnded, workerReportHeld
    case workerReportsSent, workerAcknowledged, workerStopTaken, workerDraining, workerLeaving
    case workerDatasetFetched, workerDatasetKept, workerArtifactPut

    // A worker's spool.
    case spoolFileWritten, spoolFileSynced, spoolFileRenamed, spoolFileKept, spoolFileForgotten, spoolFileInherited

    /// The name of the environment variable.
    package static let variable = "BELLWETHER_CRASH_AT"

    /// The program has come to this place.
    @inlinable
    package func reached() {
        #if DEBUG
            visit()
        #endif
    }

    /// Dies if this is the place and the time.
    @usableFromInline
    package func visit() {
        guard let chosen = Self.chosen, chosen.point == self else { return }
        guard Self.visits.add(1, ordering: .relaxed).newValue == chosen.visit else { return }
        let words = "crash point \(rawValue)\n"
        _ = words.withCString { write(2, $0, words.utf8.count) }
        kill(getpid(), SIGKILL)
        // The signal may take a moment; nothing else happens until then.
        while true { pause() }
    }

    private static let visits = Atomic<Int>(0)

    private static let chosen: (point: CrashPoint, visit: Int)? = {
        guard let value = getenv(variable) else { return nil }
        let parts = String(cString: value).split(separator: ":")
        guard let point = parts.first.flatMap({ CrashPoint(rawValue: String($0)) }) else { return nil }
        return (point, parts.count > 1 ? Int(parts[1]) ?? 1 : 1)
    }()
}
