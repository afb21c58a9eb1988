import Scheduling
import SwiftProtobuf
import Wire

/// Studies whose trials are evaluated by programs outside.
extension HeadLoop {
    func ask(_ id: JobID, _ request: AskRequest, _ reply: Reply<AskView>, at now: Instant, _ turn: inout Turn) {
        guard outage == nil else { return reply.fail(ClusterError.unavailable()) }
        guard let job = jobs[id] else {
            return board.lookUp(id) { found in
                reply.finish(found.map { AskView(trials: [], state: $0.state, leaseMilliseconds: 0) })
            }
        }
        guard let lease = job.desk?.leaseMilliseconds else { return reply.fail(ClusterError.notExternal(id)) }
        var view = AskView(trials: [], state: "running", leaseMilliseconds: lease)
        if !job.isPaused && job.waitsFor.isEmpty {
            view.trials = give(request.count ?? 1, to: request.holder ?? "", of: id, at: now, &turn)
        }
        // A trial that was opened in this turn is durable before anybody knows of it.
        turn.answers.append(reply.answer(view))
    }

    private func give(_ count: Int, to holder: String, of id: JobID, at now: Instant, _ turn: inout Turn) -> [AskedTrial] {
        var trials: [AskedTrial] = []
        while trials.count < count, let (given, lost) = jobs[id]?.desk?.give(count - trials.count, to: holder, at: now) {
            for (number, attempt) in given {
                let parameters = jobs[id]?.plan.payload(of: number, attempt: 1).command.parameters ?? ""
                trials.append(
                    AskedTrial(number: number, attempt: "\(attempt)", parameters: CanonicalJSON.decode(parameters) ?? [:]))
            }
            for number in lost {
                let record = TaskRecord(
                    task: TaskID(job: id, index: number), end: .quarantined, attempt: nil, worker: "", errorCode: "E_QUARANTINED",
                    errorMessage: "\(TrialDesk.lossLimit) programs took it and were not heard of again")
                decide(record, nil, at: now, &turn)
            }
            // What was lost may have opened others.
            if lost.isEmpty { break }
        }
        return trials
    }

    func tell(_ id: JobID, _ request: TellRequest, _ reply: Reply<TellView>, at now: Instant, _ turn: inout Turn) {
        guard outage == nil else { return reply.fail(ClusterError.unavailable()) }
        if let job = jobs[id], job.desk == nil { return reply.fail(ClusterError.notExternal(id)) }
        guard jobs[id] != nil else {
            return board.lookUp(id) { found in
                reply.finish(
                    found.flatMap { _ in .failure(ClusterError.trialOvertaken(request.tells.first?.number ?? 0, of: id)) })
            }
        }
        var view = TellView(taken: 0, refused: [])
        var first: ClusterError?
        for tell in request.tells {
            guard let error = take(tell, of: id, at: now, &turn) else {
                view.taken += 1
                continue
            }
            if first == nil { first = error }
            view.refused.append(RefusedTell(number: tell.number, error: ErrorView(error)))
        }
        if view.taken == 0, let first { return reply.fail(first) }
        turn.answers.append(reply.answer(view))
    }

    /// Takes one tell, or says why not. One that is repeated changes nothing and is taken.
    private func take(_ tell: Tell, of id: JobID, at now: Instant, _ turn: inout Turn) -> ClusterError? {
        guard let attempt = Attempt(text: tell.attempt) else { return .attemptForm(tell.attempt) }
        // An earlier tell of the same request may have ended the study.
        switch jobs[id]?.desk?.standing(of: attempt, on: tell.number) {
        case .told: return nil
        case .unknown: return .trialUnknown(tell.number, of: id)
        case .overtaken, nil: return .trialOvertaken(tell.number, of: id)
        case .holds: break
        }
        let holder = jobs[id]?.desk?.holder(of: tell.number) ?? ""
        guard tell.metrics != nil || tell.error != nil else {
            jobs[id]?.desk?.renew(tell.number, by: attempt, holder: holder, at: now)
            return nil
        }
        var record = TaskRecord(
            task: TaskID(job: id, index: tell.number), end: .succeeded, attempt: attempt, worker: holder)
        var result: ProtoTaskResult?
        if let message = tell.error {
            (record.end, record.errorCode, record.errorMessage) = (.failed, "E_EXTERNAL", String(message.prefix(2_000)))
        } else {
            let told = ProtoTaskResult.with { $0.command = .with { $0.metrics = tell.metrics ?? [:] } }
            guard let bytes: [UInt8] = try? told.serializedBytes() else { return .attemptForm(tell.attempt) }
            (record.result, result) = (bytes, told)
        }
        decide(record, result, at: now, &turn)
        return nil
    }

    private func decide(_ record: TaskRecord, _ result: ProtoTaskResult?, at now: Instant, _ turn: inout Turn) {
        jobs[record.task.job]?.desk?.close(record.task.index, by: record.attempt)
        unpublished = true
        settle(record, result, at: now, &turn)
    }
}
