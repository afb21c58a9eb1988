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
            } else if let state = try ended(other), state != "succeeded" {
                cancel(id, because: other, state, at: now, &turn)
            }
        }
        if jobs[id]?.waitsFor.isEmpty == false { apply(.hold(id, .dependencies), at: now, &turn) }
    }

    /// Releases the jobs that waited for this one alone, or cancels them.
    func settleDependents(of ended: JobID, state: String, at now: Instant, _ turn: inout Turn) {
        for id in jobs.values.filter({ $0.waitsFor.contains(ended) }).map(\.record.id).sorted() {
            guard state == "succeeded" else {
                cancel(id, because: ended, state, at: now, &turn)
                continue
            }
            jobs[id]?.waitsFor.remove(ended)
            if jobs[id]?.waitsFor.isEmpty == true { apply(.release(id, .dependencies), at: now, &turn) }
        }
    }

    private func cancel(_ id: JobID, because other: JobID, _ state: String, at now: Instant, _ turn: inout Turn) {
        let end = JobEnd(
            state: "cancelled", endedAt: WallClock.milliseconds, errorCode: "E_DEPENDENCY",
            errorMessage: "job \(other), which it depends on, has \(state)")
        conclude(id, end, at: now, &turn, by: .cancel(id))
    }
}
