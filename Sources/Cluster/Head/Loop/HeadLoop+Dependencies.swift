import Scheduling

/// Jobs that wait for other jobs.
extension HeadLoop {
    /// Holds a job back until those in `after` have succeeded; `ended` says how a job that is not open has ended. When one of them
    /// did not succeed the job is cancelled.
    func wait(
        _ id: JobID, for after: [JobID], ended: (JobID) throws -> String?, at now: Instant, _ turn: inout Turn
    ) rethrows {
        for other in after where jobs[id] != nil {
            if jobs[other] != nil {
                jobs[id]?.waitsFor.insert(other)
                dependents[other, default: []].append(id)
            } else if let state = try ended(other), state != "succeeded" {
                conclude(id, Self.end(because: other, state), at: now, &turn, by: .cancel(id))
            }
        }
        if jobs[id]?.waitsFor.isEmpty == false { apply(.hold(id, .dependencies), at: now, &turn) }
    }

    /// Releases the jobs that waited for this one alone, or cancels them, and then those that waited for the cancelled ones.
    func settleDependents(of job: JobID, state: String, at now: Instant, _ turn: inout Turn) {
        // A list of work instead of recursion: a chain of jobs may be long.
        var over = [(job: job, state: state)]
        while let (ended, state) = over.popLast() {
            for id in dependents.removeValue(forKey: ended) ?? [] where jobs[id] != nil {
                guard state == "succeeded" else {
                    close(id, Self.end(because: ended, state), at: now, &turn, by: .cancel(id))
                    over.append((id, "cancelled"))
                    continue
                }
                jobs[id]?.waitsFor.remove(ended)
                if jobs[id]?.waitsFor.isEmpty == true { apply(.release(id, .dependencies), at: now, &turn) }
            }
        }
    }

    private static func end(because other: JobID, _ state: String) -> JobEnd {
        JobEnd(
            state: "cancelled", endedAt: WallClock.milliseconds, errorCode: "E_DEPENDENCY",
            errorMessage: "job \(other), which it depends on, has \(state)")
    }
}
