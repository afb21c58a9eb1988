import Diagnostics
import MarketData
import Scheduling
import Stores
import TestSupport
import Testing

@testable import Cluster

/// What a head refuses at submission, because the spec does not fit the data there is.
@Suite(.timeLimit(.minutes(1))) struct AdmissionTests {
    private func study(dataset: String, train: Int = 50) -> String {
        """
        job: study
        name: small
        dataset: \(dataset)
        strategy:
          features: [return_1]
          label: {forwardReturn: 1}
          model: {kind: ridge, l2: {float: [0.1, 10.0], log: true}}
          position: {kind: sign}
        walkForward: {train: \(train), test: 20}
        search: {sampler: random, trials: 2, seed: 1}
        objective: {maximize: sharpe}
        """
    }

    /// Submits to a head that has 200 bars named `market`, and expects a refusal that leaves no job behind.
    private func refusal(_ spec: (_ sha256: String) -> String) async throws -> any DiagnosticError {
        let cluster = try TestCluster()
        let bars = try SyntheticMarket(seed: 1, symbols: ["AAA"], bars: 200).generate()
        let entry = try Catalogue(root: cluster.home.path + "/head").add(bars, name: "market", importedAt: 1)
        let head = try cluster.head()
        let error = await #expect(throws: (any Error).self) {
            try await head.head.submit(SubmitRequest(uid: "u", spec: spec(entry.sha256)))
        }
        #expect(try InMemoryJournal(storage: cluster.storage).jobs(limit: 10, before: nil).isEmpty)
        // The key is still free, and what fits is accepted.
        let fits = try await head.head.submit(SubmitRequest(uid: "u", spec: study(dataset: "market")))
        #expect(fits.isNew && fits.view.dataset == entry.sha256)
        try await head.stop()
        return try #require(error as? any DiagnosticError)
    }

    @Test func `a study knows how many trials its dataset has seen, and keeps the number over a restart`() async throws {
        let cluster = try TestCluster()
        let catalogue = Catalogue(root: cluster.home.path + "/head")
        for (seed, name) in [(UInt64(1), "market"), (2, "other")] {
            _ = try catalogue.add(
                SyntheticMarket(seed: seed, symbols: ["AAA"], bars: 200).generate(), name: name, importedAt: 1)
        }
        var head = try cluster.head()
        func submit(_ uid: String, _ dataset: String) async throws -> JobID {
            JobID(try await head.head.submit(SubmitRequest(uid: uid, spec: study(dataset: dataset))).view.id)
        }
        let jobs = InMemoryJournal(storage: cluster.storage)
        let first = try await submit("first", "market")
        _ = try await submit("elsewhere", "other")
        // Cancelled before anything came of it, and yet its trials were made.
        _ = try await head.head.control(first, .cancel)
        let second = try await submit("second", "market")
        #expect(try jobs.job(first)?.record.earlierTrials == 0)
        #expect(try jobs.job(second)?.record.earlierTrials == 2)
        try await head.stop()
        head = try cluster.head()
        let third = try await submit("third", "market")
        #expect(try await submit("second", "market") == second)
        #expect(try jobs.job(second)?.record.earlierTrials == 2)
        #expect(try jobs.job(third)?.record.earlierTrials == 4)
        try await head.stop()
    }

    @Test func `a dataset that nobody imported is named`() async throws {
        let error = try await refusal { _ in study(dataset: "markt") }
        #expect(error.code == "E_DATASET_UNKNOWN" && error.category == .input && error.place == .key("/dataset"))
        #expect(error.message.contains("markt") && error.hint?.contains("market") == true)
    }

    @Test func `windows longer than the data are refused with both lengths`() async throws {
        let error = try await refusal { _ in study(dataset: "market", train: 500) }
        #expect(error.code == "E_WINDOW_LENGTH" && error.category == .input)
        #expect(error.message.contains("200"))
    }

    @Test func `content other than the pinned one is wrong input, and both hashes are named`() async throws {
        let pinned = String(repeating: "0", count: 64)
        var known = ""
        let error = try await refusal {
            known = $0
            return study(dataset: "{name: market, sha256: \(pinned)}")
        }
        #expect(error.code == "E_DATA_HASH" && error.category == .input && error.place == .key("/dataset/sha256"))
        #expect(error.message.contains(pinned) && error.message.contains(known))
    }
}
