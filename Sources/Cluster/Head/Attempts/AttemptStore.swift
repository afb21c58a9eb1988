import Diagnostics
import Foundation
import Glibc
import Registry
import Scheduling

/// What attempts leave besides their results: what they wrote, and the last checkpoint of each task. Files below
/// `<root>/attempts/<job>`, bounded an attempt. Calls block; one thread at a time writes.
package struct AttemptStore: Sendable {
    private let root: String

    package init(root: String) { self.root = root + "/attempts" }

    private func folder(_ job: JobID) -> String { "\(root)/\(job)" }

    private func logPath(_ attempt: TaskAttempt) -> String {
        "\(folder(attempt.task.job))/\(attempt.task.index)-\(attempt.attempt.term)-\(attempt.attempt.number).log"
    }

    /// Adds a piece of output to what is kept of the attempt. Throws `E_ATTEMPT_FILE`.
    func add(_ bytes: [UInt8], at offset: Int64, to attempt: TaskAttempt) throws(AttemptStoreError) {
        try prepare(attempt.task.job)
        try LogFile.add(bytes, at: offset, to: logPath(attempt))
    }

    /// What is kept of the job's output, in order of task and attempt: of `task`, or of at most `limit` tasks after `after`.
    func log(of job: JobID, task: Int32?, after: Int32, limit: Int) -> (parts: [LogPart], next: Int32?) {
        var parts: [LogPart] = []
        var tasks = 0
        var last: Int32?
        for attempt in attempts(of: job) where task == nil ? attempt.task.index > after : attempt.task.index == task {
            if attempt.task.index != last {
                if tasks == limit { return (parts, last) }
                (tasks, last) = (tasks + 1, attempt.task.index)
            }
            parts += LogFile.read(logPath(attempt)).map { LogPart($0, of: attempt) }
        }
        return (parts, nil)
    }

    private func attempts(of job: JobID) -> [TaskAttempt] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder(job))) ?? []
        return names.compactMap { name -> TaskAttempt? in
            guard name.hasSuffix(".log") else { return nil }
            let numbers = name.dropLast(4).split(separator: "-").compactMap { Int64($0) }
            guard numbers.count == 3, let index = Int32(exactly: numbers[0]) else { return nil }
            return TaskAttempt(task: TaskID(job: job, index: index), attempt: Attempt(term: numbers[1], number: numbers[2]))
        }.sorted { ($0.task, $0.attempt) < ($1.task, $1.attempt) }
    }

    // MARK: - Checkpoints

    /// Remembers the artifact with which the task can go on. Throws `E_ATTEMPT_FILE`.
    func setCheckpoint(_ sha256: String, of task: TaskID) throws(AttemptStoreError) {
        try prepare(task.job)
        let path = "\(folder(task.job))/\(task.index).checkpoint"
        do {
            try Data(sha256.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw AttemptStoreError(path, EIO)
        }
    }

    /// The last checkpoints of a job's tasks by index; what cannot be read is no checkpoint.
    func checkpoints(of job: JobID) -> [Int32: String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder(job))) ?? []
        var found: [Int32: String] = [:]
        for name in names where name.hasSuffix(".checkpoint") {
            guard let index = Int32(name.dropLast(".checkpoint".count)),
                let data = FileManager.default.contents(atPath: "\(folder(job))/\(name)"), data.count == 64
            else { continue }
            let sha256 = String(decoding: data, as: UTF8.self)
            if ContentHash.isWellFormed(sha256) { found[index] = sha256 }
        }
        return found
    }

    private func prepare(_ job: JobID) throws(AttemptStoreError) {
        if mkdir(folder(job), 0o700) == 0 || errno == EEXIST { return }
        do {
            try FileManager.default.createDirectory(
                atPath: folder(job), withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw AttemptStoreError(folder(job), EIO)
        }
    }
}

/// `E_ATTEMPT_FILE`: what an attempt wrote cannot be kept.
struct AttemptStoreError: DiagnosticError {
    let code = "E_ATTEMPT_FILE"
    let message: String
    let hint: String? = "free some space on the head's disk"
    let category = DiagnosticCategory.unavailable

    init(_ path: String, _ error: Int32) { message = "cannot write \(path): \(String(cString: strerror(error)))" }
}

extension LogPart {
    init(_ piece: TaskOutput.Piece, of attempt: TaskAttempt) {
        self.init(
            task: attempt.task.index, attempt: attempt.attempt.description, offset: piece.offset, bytes: Int64(piece.bytes.count),
            text: OutputText.escaped(piece.bytes))
    }
}
