import Diagnostics
import MarketData
import Scheduling
import Search
import Specs
import Stores
import TestSupport
import Testing

@testable import Cluster

/// Studies that start from the trials of an older one, at the head.
@Suite(.timeLimit(.minutes(1))) struct WarmStartTests {
    private func study(_ warmStart: String) -> String {
        """
        job: study
        name: newer
        objective: {command: [a], minimize: loss}
        parameters: {rate: {float: [0, 1]}, depth: {int: [1, 9]}}
        search: {sampler: tpe, trials: 5, seed: 1, warmStart: \(warmStart)}
        """
    }

    /// A cluster whose store has job 1, `older`, with twenty trials of one parameter.
    private func cluster(ended: Bool = true) throws -> TestCluster {
        let made = try TestCluster()
        let journal = InMemoryJournal(storage: made.storage)
        let term = try journal.raiseTerm()
        let job = JobRecord(
            id: JobID(1), uid: "older", name: "older", kind: "drill", spec: RunningHead.drill(tasks: 1), specHash: "0",
            priority: 0, submittedAt: 1)
        let trials = (0..<20).map { number in
            JournalRecord.trial(
                TrialRecord(
                    job: JobID(1), number: Int32(number), state: number == 7 ? "failed" : "succeeded",
                    parameters: "{\"speed\":\(Double(number) / 20)}", objective: 1,
                    metrics: number == 7 ? "{}" : "{\"loss\":\(number)}"))
        }
        let end = JournalRecord.jobEnded(JobID(1), JobEnd(state: "succeeded", endedAt: 2, result: "{}"))
        try journal.commit([.jobSubmitted(job)] + trials + (ended ? [end] : []), term: term)
        return made
    }

    private func refusal(_ warmStart: String, ended: Bool = true) async throws -> String {
        let head = try cluster(ended: ended).head()
        let error = await #expect(throws: (any Error).self) {
            try await head.head.submit(SubmitRequest(uid: "u", spec: study(warmStart)))
        }
        try await head.stop()
        let found = try #require(error as? any DiagnosticError)
        #expect(found.code == "E_WARM_START" && found.hint != nil && found.place == .key("/search/warmStart"))
        return found.message
    }

    @Test func `the trials that fit are known, and a name is resolved once and for all`() async throws {
        let cluster = try cluster()
        let head = try cluster.head()
        let text = study("{study: older, map: {speed: rate}, fill: {depth: 4}}")
        let first = try await head.head.submit(SubmitRequest(uid: "u", spec: text))
        let again = try await head.head.submit(SubmitRequest(uid: "u", spec: text))
        #expect(first.isNew && !again.isNew && first.view.id == again.view.id)
        let record = try #require(InMemoryJournal(storage: cluster.storage).job(JobID(first.view.id))?.record)
        guard case .commandStudy(let stored) = try JobSpec.parse(text: record.spec).body else {
            throw ErrorView(code: "E_TEST", message: "another kind")
        }
        #expect(stored.search.warmStart?.job == 1)
        let admission = Admission(
            stores: Head.Stores(
                journal: InMemoryJournal(storage: cluster.storage), models: InMemoryModelStore(storage: cluster.storage),
                artifacts: cluster.artifacts, catalogue: Catalogue(root: cluster.home.path + "/head"),
                attempts: AttemptStore(root: cluster.home.path + "/head")),
            configuration: HeadConfiguration(codeVersion: "test"))
        let known = try admission.knownTrials(stored.search.warmStart, of: stored.searchSpace(), goals: stored.goals)
        #expect(known.count == 19)
        let rate = try #require(stored.searchSpace().parameters.firstIndex { $0.name == "rate" })
        #expect(known[3].point[rate] == .double(0.15) && known[3].point[1 - rate] == .int(4))
        #expect(known[7].outcome == .values([8], violation: 0))
        try await head.stop()
    }

    @Test func `an older study that is unknown, still runs or fits in nothing is refused`() async throws {
        #expect(try await refusal("{study: oldest}").contains("oldest"))
        #expect(try await refusal("{job: 9}").contains("no job 9"))
        #expect(try await refusal("{job: 1, map: {speed: rate}}").contains("no trial of job 1"))
        #expect(try await refusal("{study: older, map: {speed: rate}, fill: {depth: 2}}", ended: false).contains("not ended"))
    }
}
