import Registry
import Scheduling
import Specs
import Wire

@testable import Cluster

/// Clients, and what befalls the cluster.
extension LoopSimulation {
    /// Submits until it is told that the job is accepted, and again now and then: the same key is the same job.
    func client(_ number: Int) {
        let uid = "job-\(number)"
        if !isHealed || accepted.ids[uid] == nil { push(.client(number), at: now + 400) }
        guard head != nil, let spec = try? JobSpec.parse(text: RunningHead.drill(tasks: Self.tasks)) else { return }
        let json = spec.canonicalJSON(datasetHash: nil)
        let record = JobRecord(
            id: JobID(0), uid: uid, name: spec.name, kind: spec.kind.rawValue, spec: json,
            specHash: ContentHash.sha256(json.utf8),
            priority: 0, submittedAt: 0)
        let reply = Reply<AcceptedJob> { [accepted] result in
            if case .success(let job) = result { accepted.add(uid, job.view.id) }
        }
        // The door looks into the store first, as `Admission` does.
        if let known = try? store.job(uid: uid) { return reply.succeed(AcceptedJob(view: JobView(known), isNew: false)) }
        post(.submit(AdmittedJob(record: record, spec: spec, plan: { _ in DrillPlan(tasks: Self.tasks) }), reply))
    }

    func inject() throws {
        let worker = nodes[Int(draw(0...Int64(Self.workers) - 1))].flatMap { workers[$0] }
        switch draw(0...7) {
        case 0:
            mark("worker killed")
            worker.map(vanish)
        case 1:
            guard let worker else { return }
            mark("worker stopped")
            worker.isPaused = true
            push(.resume(boot: worker.boot), at: now + draw(200...3_000))
        case 2: worker.map { perform($0.agenda.handle(.drain), $0) }
        case 3: if !store.isAway { store.set(.killsBefore) }
        case 4: if !store.isAway { store.set(.killsAfter) }
        case 5: if !store.isAway { store.set(.losesOneAnswer) }
        case 6:
            mark("store away")
            store.set(.away)
            push(.storeBack, at: now + draw(200...2_500))
        default: try replace()
        }
        // What the loop gave away after a lost answer is done a little later.
        push(.storeBack, at: now + 2_600)
    }

    func comeBack() {
        store.set(.answers)
        let work = surroundings.takeWork()
        guard !work.isEmpty else { return }
        mark("outage over")
        for piece in work { piece() }
        if let incarnation = head?.incarnation { push(.turn(incarnation: incarnation), at: now) }
    }

    /// I6: the head is stopped while another one takes over; when it goes on, what it writes is refused, and it ends.
    func replace() throws {
        guard let old = head, !store.isAway, old.loop.outage == nil else { return }
        head = nil
        try startHead()
        guard head != nil else { return }
        mark("head replaced")
        let before = try store.job(uid: "stale")
        let spec = try JobSpec.parse(text: RunningHead.drill(tasks: 1))
        let record = JobRecord(
            id: JobID(0), uid: "stale", name: "stale", kind: "drill", spec: "{}", specHash: "0", priority: 0, submittedAt: 0)
        let submit = HeadLetter.submit(
            AdmittedJob(record: record, spec: spec, plan: { _ in DrillPlan(tasks: 1) }), Reply { _ in })
        do {
            try old.loop.turn([.init(letter: submit, arrived: Instant(nanoseconds: now * 1_000_000))])
            // A lost answer makes it an outage, which ends in the same refusal.
            if old.loop.outage == nil { fail("I6: a head of term \(old.loop.term) has written after its successor began") }
        } catch {
            mark("head fenced")
        }
        _ = surroundings.takeWork()
        if try store.job(uid: "stale") != before { fail("I6: a job of a head that was replaced is durable") }
    }
}
