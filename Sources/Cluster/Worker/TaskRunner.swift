import Foundation
import Synchronization
package import Wire

/// Runs tasks of every kind; called on a task thread, many at once. The program links the workloads it wants.
package protocol TaskRunner: AnyObject, Sendable {
    /// Throws a `DiagnosticError` that becomes the task's error; `.unavailable` ones are worth another attempt.
    func run(_ payload: ProtoTaskPayload, of job: WorkerJob, context: TaskContext) throws -> ProtoTaskResult
}

/// A job as a worker knows it: the spec it was told once, and a place to keep what is derived from it.
package final class WorkerJob: Sendable {
    package let id: Int64
    /// The spec as canonical JSON.
    package let spec: String
    private let derived = Mutex<(any Sendable)?>(nil)

    package init(id: Int64, spec: String) {
        self.id = id
        self.spec = spec
    }

    /// What `make` returned the first time; computed once a job, whichever task comes first.
    package func derived<Value: Sendable>(_ make: () throws -> Value) throws -> Value {
        try derived.withLock { known in
            if let value = known as? Value { return value }
            let value = try make()
            known = value
            return value
        }
    }
}

/// What a running task may use besides its payload.
package struct TaskContext: Sendable {
    package let blobs: any BlobSource
    /// Where it may make folders of its own, which it removes.
    package let scratchFolder: String
    /// The numbers of the GPUs that are the task's own, or of the one that it has a part of; nil when the worker offers none.
    package let gpus: [Int]?
    private let stopped: StopFlag
    private let channel: (any TaskChannel)?

    package init(
        blobs: any BlobSource, stopped: StopFlag, scratchFolder: String = NSTemporaryDirectory() + "bellwether-scratch",
        gpus: [Int]? = nil, channel: (any TaskChannel)? = nil
    ) {
        self.blobs = blobs
        self.stopped = stopped
        self.scratchFolder = scratchFolder
        self.gpus = gpus
        self.channel = channel
    }

    package var isStopped: Bool { stopped.isSet }

    /// Hands over what the task's program wrote. Never waits: what nobody takes in time is left out.
    package func wrote(_ bytes: ArraySlice<UInt8>) { channel?.wrote(bytes) }

    /// Tells how far the task is, from 0 to 1, or which artifact another attempt can go on with.
    package func progressed(_ fraction: Double?, checkpoint: String?) { channel?.progressed(fraction, checkpoint: checkpoint) }

    /// Throws `E_TASK_STOPPED` when the attempt was told to stop. Workloads call it every few milliseconds of work.
    package func checkStopped() throws(WorkerError) {
        if stopped.isSet { throw .stopped() }
    }

    /// Sleeps unless told to stop, in which case it throws at once.
    package func sleep(milliseconds: Int64) throws(WorkerError) {
        if stopped.wait(milliseconds: milliseconds) { throw .stopped() }
    }
}

/// Where a running task's output and progress go.
package protocol TaskChannel: Sendable {
    func wrote(_ bytes: ArraySlice<UInt8>)
    func progressed(_ fraction: Double?, checkpoint: String?)
}

/// Datasets and artifacts by hash.
package protocol BlobSource: AnyObject, Sendable {
    /// The path of a dataset's file on this machine, fetched if need be. The file has the right size and arrived whole;
    /// whoever opens it verifies the content.
    func datasetPath(_ sha256: String) throws -> String
    /// An artifact's verified bytes.
    func artifact(_ sha256: String) throws -> [UInt8]
    /// Stores an artifact with the head and returns its hash; returns after the head has it durably.
    func putArtifact(_ bytes: [UInt8]) throws -> String
}
